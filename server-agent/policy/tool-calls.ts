import path from "node:path";
import { z } from "zod";
import { describeRootLosses } from "../../contract/root-losses.ts";
import type { ToolName } from "../../contract/permissions.ts";
import { judgeBrokered } from "./brokered.ts";
import { hostOf, judgeUrl } from "./hosts.ts";
import { ask, askPerson, deny, part, type Ground, type Part } from "./parts.ts";
import { judgeFile, type Access } from "./paths.ts";
import { rootLosses } from "./root-losses.ts";
import { judgeArgv, judgeCommand } from "./shell/judge-command.ts";
import { judgeSql, plainlyChanges } from "./sql.ts";

/** Says what a call of a tool would do, judged. The input is anything: what does not fit asks. */
type ToolJudge = (input: unknown, ground: Ground) => Part[];

const file = z.string().min(1);

function reading<Schema extends z.ZodType>(
  schema: Schema,
  judge: (input: z.infer<Schema>, ground: Ground) => Part[],
): ToolJudge {
  return (input, ground) => {
    const read = schema.safeParse(input);
    return read.success ? judge(read.data, ground) : [part({}, [ask("its input is not understood")])];
  };
}

function onFile(access: Access, place: string, ground: Ground): Part {
  if (place.includes("\0")) return part({ targets: [place] }, [ask("its path cannot be read")]);
  return part({ verb: access, targets: [path.resolve(ground.folder, place)] }, judgeFile(access, place, ground));
}

const talks: ToolJudge = () => [part({}, [])];
const readsFile = reading(z.object({ path: file }), ({ path: place }, ground) => [onFile("read", place, ground)]);
const writesFile = reading(z.object({ path: file }), ({ path: place }, ground) => [onFile("write", place, ground)]);
const looksIn = reading(z.object({ path: file.default(".") }), ({ path: place }, ground) => [
  onFile("read", place, ground),
]);

const GitInput = z.object({
  action: z.string(),
  repository: file.default("."),
  path: file.optional(),
  paths: z.array(file).default([]),
});
const GIT_LOOKS = ["status", "diff", "log", "show", "worktree_list"];
const GIT_WORKS = ["commit", "branch", "switch", "worktree_add", "worktree_remove", "init", "add", "stash", "merge"];

const git = reading(GitInput, ({ action, repository, path: place, paths }, ground) => {
  const access = GIT_LOOKS.includes(action) ? "read" : "write";
  const places = [repository, ...(place === undefined ? [] : [place]), ...paths];
  const odd = access === "read" || GIT_WORKS.includes(action) ? [] : [ask(`git ${action} is no plain action of git`)];
  return [
    part({ program: "git", verb: action, targets: places }, odd),
    ...places.map((one) => onFile(access, one, ground)),
  ];
});

const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  npm: ["npm", "test", "--"],
  pytest: ["pytest"],
  cargo: ["cargo", "test"],
  go: ["go", "test"],
  make: ["make", "test"],
};
const TestsInput = z.object({
  path: file.default("."),
  runner: z.string().default("npm"),
  arguments: z.array(z.string()).default([]),
});

const runTests = reading(TestsInput, ({ path: place, runner, arguments: given }, ground) => {
  const folder = onFile("write", place, ground);
  const argv = Object.hasOwn(RUNNERS, runner) ? RUNNERS[runner] : undefined;
  if (argv === undefined) return [folder, part({ program: runner }, [ask(`${runner} is no known test runner`)])];
  return [folder, ...judgeArgv([...argv, ...given], ground, path.resolve(ground.folder, place))];
});

const QueryInput = z.object({ sql: z.string(), write: z.boolean().default(false) });

/** A statement that only looks may still call what writes, once its transaction may. */
const queryDatabase = reading(QueryInput, ({ sql, write }, ground) => {
  if (!write && plainlyChanges(sql)) return [part({}, [deny("it changes the database, which needs `write`")])];
  const mayWrite = write && ground.rules.database === "reads" ? [ask("it may write to the database")] : [];
  return [part({}, [...judgeSql(sql, ground), ...mayWrite])];
});

const runAsRoot = reading(z.object({ argv: z.array(z.string()).min(1) }), ({ argv }, ground) => {
  const parts = judgeArgv(argv, ground, "/");
  const losses = describeRootLosses(rootLosses(argv, ground.workspace));
  const question = [`runs as root: ${argv.join(" ")}`, ...(losses === null ? [] : [losses])].join("; ");
  return [...parts, part({ program: argv[0] ?? null, targets: argv.slice(1) }, [askPerson(question)])];
});

const brokered =
  (tool: ToolName): ToolJudge =>
  (input) =>
    judgeBrokered(tool, input);

export const TOOL_JUDGES: Readonly<Record<ToolName, ToolJudge>> = {
  read_file: readsFile,
  list_files: looksIn,
  glob: reading(z.object({ path: file.default("."), pattern: z.string() }), ({ path: place, pattern }, ground) => [
    onFile("read", place, ground),
    onFile("read", path.resolve(ground.folder, place, pattern), ground),
  ]),
  grep: looksIn,
  search_memory: talks,
  ask_person: talks,
  ask_peer: talks,
  submit_output: talks,
  delegate: talks,
  hand_off: talks,
  broadcast: talks,
  run_algorithm: talks,
  write_file: writesFile,
  edit_file: writesFile,
  run_command: reading(z.object({ command: z.string() }), ({ command }, ground) => judgeCommand(command, ground)),
  run_tests: runTests,
  git,
  query_database: queryDatabase,
  fetch_url: reading(z.object({ url: z.string() }), ({ url }, ground) => [
    part({ targets: [hostOf(url)] }, judgeUrl(url, ground)),
  ]),
  web_search: talks,
  docker: brokered("docker"),
  systemd: brokered("systemd"),
  nginx: brokered("nginx"),
  packages: brokered("packages"),
  snapshots: brokered("snapshots"),
  run_as_root: runAsRoot,
};
