import path from "node:path";
import { z } from "zod";
import { AppError } from "../../../contract/errors.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import { runInSandbox, shellLine } from "../run-in-sandbox.ts";
import type { WorkspaceFiles } from "../workspace-files.ts";

const DEFAULT_TIMEOUT_SECONDS = 1200;
const TestRunner = z.enum(["npm", "pytest", "cargo", "go", "make"]);
type TestRunner = z.infer<typeof TestRunner>;

export interface RunTestsParts {
  readonly files: WorkspaceFiles;
  readonly sandbox: Sandbox;
}

export function runTestsTool({ files, sandbox }: RunTestsParts): AgentTool {
  return defineTool({
    name: "run_tests",
    description: "Runs a project's tests with npm, pytest, cargo, go or make, whichever it has, without network.",
    inputSchema: z.object({
      path: z.string().min(1).max(1024).default(".").describe("The folder of the project"),
      runner: TestRunner.optional().describe("When the project has several"),
      arguments: z.array(z.string().max(1024)).max(50).default([]).describe("Given to the test runner"),
      timeout_seconds: z.number().int().min(1).max(3600).default(DEFAULT_TIMEOUT_SECONDS),
    }),
    summary: ({ path: folder, runner, arguments: given }) =>
      [folder === "." ? "the workspace" : folder, ...(runner ? [`with ${runner}`] : []), ...given].join(" "),
    longestMs: ({ timeout_seconds }) => timeout_seconds * 1000,
    run: async (input, context) => {
      const cwd = await files.resolveInWorkspace(input.path);
      const runner = input.runner ?? (await findRunner(files, input.path));
      const command = `CI=1 ${shellLine([...COMMANDS[runner], ...input.arguments])}`;
      return await runInSandbox(sandbox, { command, cwd, timeoutSeconds: input.timeout_seconds }, context);
    },
  });
}

const COMMANDS: Readonly<Record<TestRunner, readonly string[]>> = {
  npm: ["npm", "test", "--"],
  pytest: ["python3", "-m", "pytest"],
  cargo: ["cargo", "test", "--offline"],
  go: ["go", "test", "./..."],
  make: ["make", "test"],
};

/** Signs of each runner, in the order in which they are looked for. */
const SIGNS: readonly (readonly [TestRunner, string, RegExp])[] = [
  ["npm", "package.json", /"test"\s*:/],
  ["cargo", "Cargo.toml", /^\[(?:package|workspace)\]/m],
  ["go", "go.mod", /^module /m],
  ["pytest", "pytest.ini", /(?:)/],
  ["pytest", "conftest.py", /(?:)/],
  ["pytest", "pyproject.toml", /pytest|^\[project\]/m],
  ["pytest", "setup.py", /(?:)/],
  ["make", "Makefile", /^test\s*:/m],
];

async function findRunner(files: WorkspaceFiles, folder: string): Promise<TestRunner> {
  for (const [runner, file, sign] of SIGNS) {
    const text = await files.read(path.join(folder, file)).catch(() => null);
    if (text !== null && sign.test(text)) return runner;
  }
  if (/^test_.*\.py$/m.test(await files.list(folder))) return "pytest";
  throw new AppError("app.not_found", `No tests were found in ${folder}`, {
    hint: "A package.json with a test script, Cargo.toml, go.mod, a pytest project or a Makefile with `test` is looked for.",
  });
}
