import { once } from "node:events";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JsonLine } from "./cli.ts";
import type { Lab } from "./lab-server.ts";
import { mustRun } from "./lab-server-run.ts";

/** `install.sh` and its archive as they are packaged, served as a download. */
export interface Installer {
  /** The folder's address. */
  readonly url: string;
  readonly folder: string;
  close(): Promise<void>;
}

/** `address`: of this machine, where lab servers reach it. */
export async function packageInstaller(address: string): Promise<Installer> {
  const folder = mkdtempSync(path.join(tmpdir(), "installer-"));
  const server = createServer((request, response) => {
    createReadStream(path.join(folder, path.basename(request.url ?? "")))
      .once("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, address);
  await once(server, "listening");
  const url = `http://${address}:${(server.address() as AddressInfo).port}`;
  const script = path.join(import.meta.dirname, "../../scripts/package-installer.mjs");
  const architecture = process.arch === "arm64" ? "arm64" : "x64";
  await mustRun([process.execPath, script, "--url", url, "--arch", architecture, "--out", folder], {
    timeoutMs: 300_000,
  });
  return {
    url,
    folder,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface InstallEnd {
  readonly exitCode: number;
  readonly log: readonly string[];
  readonly result: JsonLine;
  readonly stderr: string;
}

/** Runs `install.sh --json` on a server as `how` says, which gets the script on its standard input. */
export async function runInstaller(lab: Lab, how: string, input: string): Promise<InstallEnd> {
  const { exitCode, stdout, stderr } = await lab.exec(`cd /; ${how}`, { input, timeoutMs: 300_000 });
  const lines = stdout.trim().split("\n");
  const events = lines.map((line) => JSON.parse(line === "" ? "{}" : line) as JsonLine);
  const log = events.flatMap(({ type, line }) => (type === "step_log" ? [String(line)] : []));
  return { exitCode, log, result: events.at(-1) ?? {}, stderr };
}
