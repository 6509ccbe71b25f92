import { expect, test } from "@playwright/test";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";
import type { Wishes } from "../../contract/provision.ts";
import { removeQdrant, unpackQdrant } from "../../provisioning/commands/qdrant.ts";
import { readFacts } from "../../provisioning/facts.ts";
import {
  DAEMON_CREDENTIALS,
  DAEMON_UNIT,
  MEMORY_MODEL_DIR,
  NODE,
  QDRANT_KEY,
  QDRANT_KEY_DROP_IN,
  QDRANT_STAMP,
  QDRANT_UNIT,
} from "../../provisioning/layout.ts";
import { qdrantRelease } from "../../provisioning/qdrant.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { openLabHost, provisionOn, stepsThat, type LabHost } from "../support/lab-server-host.ts";
import { labShell } from "../support/lab-server-shell.ts";
import { layQdrantArchive } from "../support/qdrant-stand-in.ts";

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

const plan = (wishes: Wishes) => app.host.client.provision.plan({ serverId: id, wishes: { docker: false, ...wishes } });

/** A stand-in that is taken for the real program, which is not at hand here. */
async function layQdrant(): Promise<void> {
  await labShell(lab).run(unpackQdrant(await layQdrantArchive(lab)));
  await lab.sh(`printf '%s' ${qdrantRelease(await lab.sh("uname -m"))?.sha256} >${QDRANT_STAMP}`);
}

const mainProcess = (unit: string) => lab.sh(`systemctl show -P MainPID ${unit}`);

test("a daemon that is started for the first time while Qdrant is has its key, too", async () => {
  await layQdrant();
  const result = await provisionOn(app, id);
  expect(result.error).toBeUndefined();
  expect(stepsThat("changed", result)).toEqual(expect.arrayContaining(["memory-model", "qdrant", "services"]));
  const { qdrant, daemonHealthy } = await readFacts(labShell(lab));
  expect({ ...qdrant, daemonHealthy }).toMatchObject({
    isServing: true,
    isDaemonWithoutKey: false,
    daemonHealthy: true,
  });
  await labShell(lab).run(removeQdrant());
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

test("Qdrant that cannot be had is told and fails nothing; what is not the pinned release is not unpacked", async () => {
  const { steps } = await plan({});
  expect(steps.find((step) => step.id === "qdrant")).toMatchObject({
    state: "satisfied",
    note: expect.stringMatching(
      /^Qdrant 1\.19\.0 cannot be had here \(https:.*github\.com.*the team uses its built-in memory/,
    ),
  });
  const given = path.join(app.home, "qdrant.tar.gz");
  writeFileSync(given, "something else");
  const { blockers } = await plan({ qdrant: given });
  expect(blockers.map(({ message }) => message)).toEqual([`${given} is not Qdrant 1.19.0 for x86_64`]);
  await layQdrantArchive(lab);
  await expect(labShell(lab).run(unpackQdrant("0".repeat(64)))).rejects.toMatchObject({
    code: "provision.step_failed",
  });
  expect(await lab.sh("ls -A /opt/ai-infrastructure/qdrant")).toBe("");
});

test("its service runs as its own user with a key that systemd hands over, and lets in nobody without", async () => {
  const shell = labShell(lab);
  await layQdrant();
  const before = await mainProcess(DAEMON_UNIT);
  const { steps } = await plan({});
  expect(steps.find((step) => step.id === "qdrant")?.changes.at(-1)).toContain(`Restart ${DAEMON_UNIT}`);
  const result = await provisionOn(app, id);
  expect([result.error, stepsThat("changed", result)]).toEqual([undefined, ["qdrant"]]);
  expect(await mainProcess(DAEMON_UNIT)).not.toBe(before);
  const { qdrant, daemonHealthy } = await readFacts(shell);
  const isAsWished = { hasKey: true, isServing: true, isCurrent: true, isPortTaken: false, isDaemonWithoutKey: false };
  expect({ ...qdrant, daemonHealthy }).toMatchObject({ ...isAsWished, daemonHealthy: true });
  const place = "stat -c '%U %a' /var/lib/ai-infrastructure-qdrant /var/lib/ai-infrastructure-qdrant/storage";
  expect(await lab.sh(`ps -C python3 -o user= -o args= | grep -c '^ai-qdr.* --config-path '; ${place}`)).toBe(
    "1\nai-qdrant 700\nai-qdrant 600",
  );
  expect(
    await lab.sh("runuser -u ai-code -- curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:6333/collections"),
  ).toBe("401");
});

test("the daemon that ran already has the key by then, which nobody else reads; a second run leaves it running", async () => {
  const file = `${DAEMON_CREDENTIALS}/${QDRANT_KEY.name}`;
  const read = async (user: string) => (await lab.exec(["runuser", "-u", user, "--", "cat", file])).stdout;
  const key = await lab.sh(`systemd-creds decrypt --name=${QDRANT_KEY.name} ${QDRANT_KEY.path} -`);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(await Promise.all(["ai-infra", "ai-supervisor", "ai-code", "ai-qdrant"].map(read))).toEqual([key, "", "", ""]);

  const before = await mainProcess(DAEMON_UNIT);
  const again = await provisionOn(app, id);
  expect({ ok: again.ok, changed: again.changed }).toEqual({ ok: true, changed: 0 });
  expect(await mainProcess(DAEMON_UNIT)).toBe(before);
});

async function restartDaemon(): Promise<void> {
  await lab.sh(`systemctl restart ${DAEMON_UNIT}`);
  await expect.poll(async () => (await readFacts(labShell(lab))).daemonHealthy, { timeout: 30_000 }).toBe(true);
}

test("a daemon that was started without the drop-in is started again, Qdrant is not; taken back, nothing of it is left", async () => {
  await lab.sh(`rm ${QDRANT_KEY_DROP_IN}; systemctl daemon-reload`);
  await restartDaemon();
  const before = [await mainProcess(DAEMON_UNIT), await mainProcess(QDRANT_UNIT)];
  expect(stepsThat("changed", await provisionOn(app, id))).toEqual(["qdrant"]);
  expect(await mainProcess(DAEMON_UNIT)).not.toBe(before[0]);
  expect(await mainProcess(QDRANT_UNIT)).toBe(before[1]);
  expect(await lab.sh(`cat ${QDRANT_KEY_DROP_IN}`)).toContain(QDRANT_KEY.path);

  await labShell(lab).run(removeQdrant());
  expect(await lab.sh(`ls ${QDRANT_KEY_DROP_IN} ${QDRANT_KEY.path} 2>/dev/null || true`)).toBe("");
  await restartDaemon();
  expect(await lab.sh("getent passwd ai-qdrant; ls -d /opt/ai-infrastructure/qdrant 2>/dev/null || true")).toBe("");
});
