// One chat with the team on this computer, from its start to its stop: `node local-chat.ts HOME BUILD`; prints the task.
import path from "node:path";
import { LOCAL_SERVER_ID } from "../../contract/servers.ts";
import { createHost } from "../../src-main/app.ts";
import { ask, daemonOf } from "./host-session.ts";

const [home = "", build = ""] = process.argv.slice(2);
const host = await createHost({
  home,
  shell: "cli",
  artifacts: {
    node: process.execPath,
    daemon: path.join(build, "daemon.mjs"),
    memoryModel: path.join(build, "memory-model"),
    team: path.join(build, "local-team.mjs"),
    version: "0.0.1",
  },
  log: () => undefined,
});
await host.client.local.start({});
const task = await ask(daemonOf(host, LOCAL_SERVER_ID), "run echo as an ordinary user");
await host.client.local.stop();
await host.close();
console.log(JSON.stringify(task));
process.exit(0);
