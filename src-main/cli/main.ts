import path from "node:path";
import { createHost } from "../app.ts";
import { builtArtifacts } from "../artifacts.ts";
import { homeFolder } from "../servers/home.ts";
import { version } from "../version.ts";
import { CANCELLED } from "./context.ts";
import { runCli } from "./run.ts";

const cancelled = new AbortController();

// The first asks the command to end cleanly, the second does not wait for that.
process.on("SIGINT", cancel);
process.on("SIGTERM", cancel);
// Whoever reads our output may stop reading, as `head` does.
process.stdout.on("error", () => process.exit(CANCELLED));

const artifacts = builtArtifacts({ folder: path.resolve(import.meta.dirname, ".."), node: process.execPath, version });
const exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  signal: cancelled.signal,
  openHost: (log) => createHost({ home: homeFolder(process.env), shell: "cli", artifacts, log }),
});
process.stdout.write("", () => process.exit(exitCode));

function cancel(): void {
  if (cancelled.signal.aborted) process.exit(CANCELLED);
  cancelled.abort();
}
