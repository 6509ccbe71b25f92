import { expect, test } from "@playwright/test";
import { ask, daemonOf } from "../support/host-session.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { openLabHost, provisionAs, type LabHost } from "../support/lab-server-host.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

let lab: Lab;
let app: LabHost;

test.beforeAll(async () => {
  test.setTimeout(900_000); // the first time, the base tree is made
  const options = { name: "services13", address: 122, release: "trixie" } as const;
  [lab, app] = await Promise.all([startLab(options), openLabHost()]);
});

test.afterAll(async () => {
  await app?.close();
  await lab?.stop();
});

test("Debian 13 is provisioned, changes nothing the second time, answers in the chat, and serves no unknown name", async () => {
  expect(await lab.sh(". /etc/os-release; echo $VERSION_ID")).toBe("13");
  const id = await app.addServer(lab, "root");
  const first = await provisionAs(app, id, {});
  expect(first.error).toBeUndefined();
  const again = await provisionAs(app, id, {});
  expect({ ok: again.ok, changed: again.changed }).toEqual({ ok: true, changed: 0 });
  const task = await ask(daemonOf(app.host, id), "show the status of ssh");
  expect(task).toMatchObject({ state: "done", result: expect.stringContaining("ssh.service is active") });
  expect((await lab.exec(["curl", "-s", "--noproxy", "*", "http://127.0.0.1/"])).exitCode).toBe(52);
  expect(await lab.sh("docker compose version --short; docker info --format '{{.LiveRestoreEnabled}}'")).toMatch(
    /^2\..*\ntrue$/,
  );
});
