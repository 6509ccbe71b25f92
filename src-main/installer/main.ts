import { rmSync } from "node:fs";
import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { AppError, toWireError } from "../../contract/errors.ts";
import { CANCELLED, exitCodeOf } from "../cli/context.ts";
import { createScreen, printError } from "../cli/screen.ts";
import { install } from "./install.ts";

const OPTIONS = {
  json: { type: "boolean", default: false },
  yes: { type: "boolean", short: "y", default: false },
  plan: { type: "boolean", default: false },
  model: { type: "string" },
  "key-file": { type: "string" },
  name: { type: "string" },
  docker: { type: "boolean" },
  "reboot-at": { type: "string" },
  qdrant: { type: "string" },
  "package-updates": { type: "boolean" },
} as const;

// Where `install.sh` has put what it unpacked.
const temporary = process.env["AI_INFRA_TEMPORARY"];
if (temporary) process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

const cancelled = new AbortController();
// The first asks the run to end cleanly, the second does not wait for that.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, cancel);
// Who closes the terminal or loses the connection to it does not stop the run.
process.on("SIGHUP", () => undefined);
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const screen = createScreen(argv.includes("--json"), cancelled.signal);
  try {
    const options = parse(argv);
    const user = process.env["SUDO_USER"] ?? userInfo().username;
    const { result, exitCode } = await install({
      options,
      screen,
      signal: cancelled.signal,
      folder: import.meta.dirname,
      user,
    });
    screen.event(result);
    return exitCode;
  } catch (error) {
    const wire = toWireError(error);
    printError(screen, wire);
    return exitCodeOf(wire);
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowNegative: true }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("app.bad_input", message, { hint: "install.sh --help lists the options.", cause });
  }
}

function cancel(): void {
  if (cancelled.signal.aborted) process.exit(CANCELLED);
  cancelled.abort();
}
