import { expect, test } from "@playwright/test";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";
import { MEMORY_MODEL_DIR, NODE } from "../../provisioning/layout.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { openLabHost, provisionOn, stepsThat, type LabHost } from "../support/lab-server-host.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 600_000 });

let lab: Lab;
let app: LabHost;
let id: string;

test.beforeAll(async () => {
  [lab, app] = await Promise.all([startLab({ name: "memory", address: 124 }), openLabHost()]);
  id = await app.addServer(lab, "root");
});

test.afterAll(async () => {
  await app?.close();
  await lab?.stop();
});

/** Asks the model on the server as the daemon does; prints the length of the vector. */
const ASK_MODEL = `
const program = process.getBuiltinModule("child_process").fork(process.argv[1], { serialization: "advanced" });
program.once("message", ({ vectors, error }) => {
  console.log(error ?? vectors[0].length);
  program.disconnect();
});
program.send({ id: 1, texts: ["hello"] });`;

test("the model is root's, answers the daemon's user, and of its files only a damaged one is brought again", async () => {
  expect((await provisionOn(app, id)).error).toBeUndefined();
  const rights = `cd ${MEMORY_MODEL_DIR}; stat -c '%n %U:%G %a' . *`;
  const files = MEMORY_MODEL_FILES.toSorted().map((name) => `${name} root:root 644`);
  expect((await lab.sh(rights)).split("\n")).toEqual([". root:root 755", ...files]);
  const asDaemon = ["runuser", "-u", "ai-infra", "--", NODE];
  expect((await lab.exec([...asDaemon, "-e", ASK_MODEL, `${MEMORY_MODEL_DIR}/embed.mjs`])).stdout).toBe("384\n");

  const before = await lab.sh(`cd ${MEMORY_MODEL_DIR}; sha256sum *; stat -c %i model.fp16.safetensors`);
  await lab.sh(`echo >>${MEMORY_MODEL_DIR}/config.json`);
  expect(stepsThat("changed", await provisionOn(app, id))).toEqual(["memory-model"]);
  expect(await lab.sh(`cd ${MEMORY_MODEL_DIR}; sha256sum *; stat -c %i model.fp16.safetensors`)).toBe(before);
});
