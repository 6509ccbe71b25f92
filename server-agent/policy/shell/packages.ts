import { judgeUrl } from "../hosts.ts";
import { ask, type Finding } from "../parts.ts";
import type { Call, Judge } from "./call.ts";
import { judgeOperand } from "./operands.ts";
import { readOptions } from "./options.ts";
import { known, shown, type Word } from "./words.ts";

/** How a package manager or build tool is called. What it runs of the project runs in the sandbox like any command. */
interface Tool {
  /** Words that send something out, log in, or change what is installed for all. */
  readonly leaves?: readonly string[];
  /** Words followed by another program: `uv run pytest`. */
  readonly runs?: readonly string[];
  /** Options that take programs or packages from elsewhere, or work elsewhere. */
  readonly asks?: readonly string[];
  readonly takesValue?: readonly string[];
  /** Its options have one dash and many letters: `-exec`. */
  readonly hasLongDash?: boolean;
}

const NODE_TOOL: Tool = {
  leaves: [
    "publish",
    "unpublish",
    "deprecate",
    "dist-tag",
    "access",
    "owner",
    "team",
    "token",
    "login",
    "adduser",
    "logout",
    "hook",
    "star",
    "profile",
    "org",
    "config",
    "set",
    "link",
    "explore",
    "edit",
    "create",
    "dlx",
    "x",
    "env",
    "self-update",
    "upgrade",
    "patch-commit",
    "npm",
  ],
  runs: ["exec"],
  asks: [
    "--registry",
    "-g",
    "--global",
    "--prefix",
    "--script-shell",
    "--userconfig",
    "--globalconfig",
    "--node-options",
    "--location",
    "--cwd",
    "-C",
    "--git",
    "--dir",
    "--use-node-version",
    "-c",
    "--call",
  ],
};

const TOOLS: Readonly<Record<string, Tool>> = {
  npm: NODE_TOOL,
  pnpm: NODE_TOOL,
  yarn: NODE_TOOL,
  bun: { ...NODE_TOOL, asks: [...(NODE_TOOL.asks ?? []), "-e", "--eval", "-p", "--print", "-r", "--preload"] },
  deno: {
    leaves: ["eval", "publish", "install", "upgrade", "repl", "jupyter", "deploy"],
    asks: ["--import-map", "--config", "-c", "--preload"],
  },
  pip: {
    leaves: ["config", "index", "download"],
    asks: [
      "-i",
      "--index-url",
      "--extra-index-url",
      "--trusted-host",
      "-f",
      "--find-links",
      "--target",
      "-t",
      "--root",
      "--prefix",
      "--proxy",
      "--python",
      "--break-system-packages",
      "--config-settings",
      "--global-option",
    ],
    takesValue: ["-r", "-c", "-e"],
  },
  uv: {
    leaves: ["publish", "self", "tool", "auth"],
    runs: ["run"],
    asks: [
      "--index",
      "--index-url",
      "-i",
      "--extra-index-url",
      "--default-index",
      "--find-links",
      "-f",
      "--with",
      "--python-preference",
      "--directory",
      "--project",
      "--script",
    ],
  },
  poetry: {
    leaves: ["publish", "config", "self", "source"],
    runs: ["run"],
    asks: ["-C", "--directory", "-P", "--project"],
  },
  cargo: {
    leaves: ["publish", "yank", "owner", "login", "logout", "install", "uninstall"],
    asks: ["--config", "--registry", "--index", "-C", "--root"],
  },
  go: {
    leaves: ["install", "env", "telemetry", "bug"],
    asks: ["-exec", "-toolexec", "-C", "-overlay", "-modfile", "-vettool"],
    hasLongDash: true,
  },
  gem: {
    leaves: ["push", "yank", "owner", "signin", "install", "uninstall", "sources"],
    asks: ["-s", "--source", "-i", "--install-dir"],
  },
  bundle: { leaves: ["config", "open", "gem", "plugin"], runs: ["exec"], asks: ["--path", "--gemfile"] },
  composer: {
    leaves: ["config", "global", "self-update", "create-project"],
    runs: [],
    asks: ["-d", "--working-dir", "--repository"],
  },
  mvn: {
    leaves: ["deploy", "release:perform", "release:prepare", "site-deploy"],
    asks: ["-s", "--settings", "-gs", "--global-settings"],
    hasLongDash: true,
  },
  gradle: {
    leaves: ["publish", "publishPlugins", "uploadArchives"],
    asks: ["-I", "--init-script", "-g", "--gradle-user-home"],
    takesValue: ["-P", "-D"],
  },
  dotnet: { leaves: ["nuget", "tool", "workload", "dev-certs", "user-secrets"] },
  rake: {
    leaves: ["release", "deploy"],
    asks: ["-e", "--execute", "-p", "-E", "-r", "--require", "-R", "-g", "--system"],
  },
  make: { asks: ["--eval", "-E", "-I", "--include-dir"], takesValue: ["-C", "-f", "-j", "-l", "-o", "-W"] },
  ninja: { asks: [] },
  cmake: { asks: ["-P", "--install"], takesValue: ["-D", "-S", "-B", "-G", "-C"] },
  rustup: {
    leaves: ["self", "default", "toolchain", "target", "component", "update", "install", "uninstall", "override"],
    runs: [],
  },
};

function tool(name: string, rules: Tool): Judge {
  return (call) => {
    const options = readOptions(call.args, rules.takesValue);
    const [verb, ...others] = options.operands;
    const isGiven = (option: string): boolean => (rules.hasLongDash ? isLongGiven(option, call) : options.has(option));
    const findings: Finding[] = (rules.asks ?? [])
      .filter((option) => isGiven(option))
      .map((option) => ask(`${name} ${option} takes programs from elsewhere, or works elsewhere`));
    if (verb?.text === null) findings.push(ask(`what ${name} does is known only when it runs: ${verb.source}`));
    const makesFrom = verb?.text === "init" && others.length > 0 && rules === NODE_TOOL;
    const fetchesToRun = name === "go" && verb?.text === "run" && others.some(({ text }) => text?.includes("@"));
    if (makesFrom || fetchesToRun || rules.leaves?.includes(verb?.text ?? ""))
      findings.push(ask(`${name} ${shown(verb ?? known(""))} reaches beyond the project`));
    if (rules.runs?.includes(verb?.text ?? "") && others.length > 0) {
      const at = call.args.indexOf(verb ?? known(""));
      call.run(withoutDashes(call.args.slice(at + 1)));
      return { verb: verb?.text ?? undefined, findings };
    }
    findings.push(...call.args.flatMap((word) => judgeToolWord(word, call)));
    return { verb: verb === undefined ? undefined : shown(verb), targets: others.map(shown), findings };
  };
}

function isLongGiven(option: string, { args }: Call): boolean {
  return args.some(({ text }) => [option, `-${option}`].some((name) => text === name || text?.startsWith(`${name}=`)));
}

function withoutDashes(words: readonly Word[]): readonly Word[] {
  return words[0]?.text === "--" ? words.slice(1) : words;
}

function judgeToolWord(word: Word, call: Call): Finding[] {
  const { text } = word;
  if (text === null) return [ask(`what ${call.program} gets is known only when it runs: ${word.source}`)];
  const [, name, given] = /^(-{0,2}[\w.-]+)=(.*)$/s.exec(text) ?? [];
  const value = given ?? text;
  if (call.program === "make" && name !== undefined && /^\.?SHELL(FLAGS)?$|^MAKEFLAGS$/.test(name)) {
    return [ask(`make would run its commands by ${value}`)];
  }
  const address = /(?:^|\+|@)((?:https?|git|ssh|file):\/\/.*)$/.exec(value)?.[1];
  if (address !== undefined) return [...judgeUrl(address, call.ground)];
  if (/^(git\+|github:|gitlab:|bitbucket:|gist:)|@(git\+|github:)|^[\w.-]+@[\w.-]+:/.test(value)) {
    return [ask(`${shown(word)} is code from outside the package registry`)];
  }
  const attached = /^-\w(.+)$/s.exec(value)?.[1];
  return [value, ...(attached === undefined ? [] : [attached])].flatMap((text) =>
    judgeOperand(known(text, word.source), call),
  );
}

/** A package that is not installed would be fetched and run: only well-known tools of a project run unasked. */
const npx: Judge = (call) => {
  const options = readOptions(call.args, ["-p", "--package", "-c", "--call"]);
  const [name] = options.operands;
  const findings = ["-p", "--package", "-c", "--call", "-y", "--yes", "--registry"]
    .filter((option) => options.has(option))
    .map((option) => ask(`npx ${option} runs what is not part of the project`));
  if (name === undefined) return { findings };
  const program = known((name.text ?? "").replace(/@[\w.^~-]+$/, ""), name.source);
  call.run([name.text === null ? name : program, ...call.args.slice(call.args.indexOf(name) + 1)]);
  return { verb: shown(name), findings };
};

export const PACKAGE_JUDGES: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(Object.entries(TOOLS).map(([name, rules]) => [name, tool(name, rules)])),
  pip3: tool("pip", TOOLS["pip"] ?? {}),
  npx,
};

/** Files that these read their commands from. */
export const RUN_BY_TOOLS =
  /(^|\/)(GNU)?[Mm]akefile$|\.mk$|(^|\/)(package\.json|build\.rs|setup\.py|conftest\.py|Cargo\.toml|CMakeLists\.txt|Rakefile|Gemfile|pom\.xml|build\.gradle(\.kts)?|build\.ninja|pyproject\.toml|[\w.-]+\.config\.[cm]?[jt]s|\.npmrc|\.yarnrc(\.yml)?)$/;
