// A daemon that only listens, for tests of what keeps it running: `serve` and `team` as the real one has them.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

const [role, , configFile] = process.argv.slice(2);
const config = JSON.parse(readFileSync(configFile, "utf8"));

if (role === "serve") {
  const socket = path.join(config.runDir, "api.sock");
  rmSync(socket, { force: true });
  const hasKey = () => {
    try {
      return readFileSync(path.join(process.env["CREDENTIALS_DIRECTORY"], "anthropic-key"), "utf8").length > 0;
    } catch {
      return false;
    }
  };
  const readable = readdirSync(config.memoryModel).filter((file) => readFileSync(path.join(config.memoryModel, file)));
  createServer((connection) => {
    // Whoever only looks whether somebody listens is gone before the answer.
    connection.on("error", () => undefined);
    const answer = { pid: process.pid, uid: process.getuid(), model: config.model, hasKey: hasKey(), readable };
    connection.end(JSON.stringify(answer));
  }).listen(socket);
}

if (role === "team") {
  const socket = path.join(config.runDir, "tmux", "tmux.sock");
  mkdirSync(path.dirname(socket), { recursive: true });
  const tmux = (...parameters) => execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...parameters]);
  try {
    tmux("has-session", "-t", "ai-infrastructure");
  } catch {
    tmux("new-session", "-d", "-s", "ai-infrastructure", "-n", "supervisor", "exec cat");
    tmux("new-window", "-d", "-t", "ai-infrastructure:", "-n", "code", "exec cat");
  }
}
