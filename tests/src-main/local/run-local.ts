// The team of this computer from a program of its own: `node run-local.ts HOME BUILD start|stop`; prints JSON.
import path from "node:path";
import { toWireError } from "../../../contract/errors.ts";
import { createLocal } from "../../../src-main/local/create-local.ts";

const [home = "", build = "", action = ""] = process.argv.slice(2);
const local = createLocal({
  home,
  artifacts: {
    node: process.execPath,
    daemon: path.join(import.meta.dirname, "stand-in-daemon.mjs"),
    memoryModel: path.join(build, "memory-model"),
    team: path.join(build, "local-team.mjs"),
    version: "0.0.0",
  },
  log: () => undefined,
});
try {
  const state = action === "stop" ? await local.stop() : await local.start();
  console.log(JSON.stringify({ ...state, places: local.places }));
} catch (error) {
  console.log(JSON.stringify(toWireError(error)));
}
