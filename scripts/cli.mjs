#!/usr/bin/env node
// `ai-infra`: sets up and builds when needed (quietly, on standard error), then runs the CLI on the project's Node.
import { spawn } from "node:child_process";
import path from "node:path";

console.log = console.error;
const { installPackages, node24, root } = await import("./setup.mjs");
installPackages();
const { buildIfNeeded } = await import("./build.mjs");
buildIfNeeded();

const child = spawn(node24, [path.join(root, "out", "cli", "cli.mjs"), ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
