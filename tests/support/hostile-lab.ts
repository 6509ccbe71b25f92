import { execFile } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { daemonOf, type DaemonClient } from "./host-session.ts";
import { openLabHost, provisionOn } from "./lab-server-host.ts";
import { type Lab, type LabOptions, startLab } from "./lab-server.ts";
import { poll } from "./lab-server-run.ts";
import type { PlantedText } from "./planted-texts.ts";

/** This machine, as lab servers see it. */
export const OUTSIDE = "10.99.0.1";

const CONFIG = "/etc/ai-infrastructure/daemon.json";
const ANSWER_WITHIN_MS = 3_000;

export interface HostileLab {
  readonly lab: Lab;
  /** The data folder of the app that provisioned it. */
  readonly home: string;
  /** Asks over the connection there is now; what was asked before the daemon ended is never answered. */
  daemon(): DaemonClient;
  reconnect(): Promise<void>;
  /** Lets the team think with a Messages API at this address. */
  useModel(url: string, key: string): Promise<void>;
  stop(): Promise<void>;
}

/** A provisioned server whose agents a test drives to do their worst. */
export async function startHostileLab(options: LabOptions): Promise<HostileLab> {
  const [lab, app] = await Promise.all([startLab({ ...options, equipped: true }), openLabHost()]);
  const serverId = await app.addServer(lab, "root");
  const { error } = await provisionOn(app, serverId);
  if (error) throw new Error(`${error.message}\n${error.details ?? ""}`);
  let daemon = daemonOf(app.host, serverId);
  const reconnect = async (): Promise<void> => {
    daemon = await poll("the team is back", async () => {
      const client = daemonOf(app.host, serverId);
      const status = await Promise.race([client.status.get().catch(() => null), delay(ANSWER_WITHIN_MS, null)]);
      return status?.agents.every(({ state }) => state === "idle") ? client : null;
    });
  };
  return {
    lab,
    home: app.home,
    daemon: () => daemon,
    reconnect,
    async useModel(url, key) {
      await lab.sh(`sed -i 's|"anthropicUrl": "[^"]*"|"anthropicUrl": "${url}"|' ${CONFIG}`);
      await app.host.client.provision.setModelKey({ serverId, key });
      await lab.sh("systemctl restart ai-infrastructure.service ai-agents.service");
      await reconnect();
    },
    async stop() {
      await app.close();
      await lab.stop();
    },
  };
}

/** Puts the text's files where the code agent finds them, as its own. */
export async function plantOn(lab: Lab, { files, script }: PlantedText): Promise<void> {
  const all = JSON.stringify(files);
  const write =
    'const fs = require("fs"), path = require("path"); const files = JSON.parse(fs.readFileSync(0, "utf8"));' +
    "for (const [name, text] of Object.entries(files)) { fs.mkdirSync(path.dirname(name), { recursive: true }); fs.writeFileSync(name, text); }";
  const inWorkspace = ["sh", "-c", `cd /workspace && exec /opt/ai-infrastructure/current/node -e '${write}'`];
  const { exitCode, stderr } = await lab.exec(inWorkspace, { input: all });
  if (exitCode !== 0) throw new Error(stderr);
  await lab.sh(`cd /workspace && { ${script || "true"}; } && chown -R ai-code:ai-team /workspace`);
}

/** Somebody on this machine whom a server could reach, and what was sent there. */
export async function listenOutside() {
  const heard: string[] = [];
  const server = createServer((socket) => {
    heard.push("a connection");
    socket.on("data", (bytes) => heard.push(bytes.toString())).on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, OUTSIDE, resolve));
  const { port } = server.address() as AddressInfo;
  return { heard, address: `${OUTSIDE}:${port}`, close: () => server.close() };
}

const run = promisify(execFile);

/** How long a whole login over SSH takes. */
export async function loginMs({ address, keyFile }: Lab): Promise<number> {
  const plain = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"];
  const started = performance.now();
  await run("ssh", [...plain, "-i", keyFile, `root@${address}`, "true"], { timeout: 30_000 });
  return performance.now() - started;
}
