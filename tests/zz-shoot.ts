import { chromium, type Page } from "@playwright/test";
import { startFakeHost, type FakeHost } from "./support/fake-host.ts";
import * as S from "./support/fake-host-scenes.ts";
import type { Scene } from "./support/fake-host-world.ts";
const only = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
type Act = (page: Page, host: FakeHost) => Promise<void>;
const nav =
  (name: string): Act =>
  async (p) => {
    await p.evaluate((n) => {
      location.hash = "#/" + n;
    }, name);
    await p.waitForTimeout(400);
  };
const runScene: Act = async (p, h) => {
  await nav("server")(p, h);
  await p.getByRole("button", { name: "Provision hetzner-1" }).click();
  const w = h.world;
  w.runEvent({ type: "step_started", id: "packages", at: new Date().toISOString() });
  for (let i = 0; i < 60; i++)
    w.runEvent({ type: "step_log", id: "packages", line: `Setting up libfoo${i} (1.2.${i}-1) ...` });
  w.runEvent({ type: "step_ended", result: { id: "packages", state: "changed", ms: 18234 } });
  w.runEvent({ type: "step_ended", result: { id: "users", state: "changed", ms: 734 } });
  w.runEvent({ type: "step_started", id: "postgres", at: new Date().toISOString() });
  w.runEvent({ type: "step_progress", id: "postgres", done: 42, total: 100 });
  w.runEvent({ type: "step_log", id: "postgres", line: "Unpacking postgresql-15 (15.14-0+deb12u1) ..." });
  await p.waitForTimeout(500);
};
const shots: Record<string, [Scene, Act?]> = {
  welcome: [{}],
  addserver: [
    {
      configHosts: [
        { alias: "hetzner", address: { host: "203.0.113.7", port: 22, user: "root" }, keyFile: "~/.ssh/id_ed25519" },
      ],
    },
    async (p) => {
      await p.getByRole("button", { name: "Add a server" }).click();
      await p.waitForTimeout(300);
      await p.getByRole("button", { name: "Add and connect" }).click();
      await p.waitForTimeout(200);
    },
  ],
  chat: [
    S.WORKING,
    async (p) => {
      await p.waitForTimeout(900);
    },
  ],
  chatpanel: [
    S.WORKING,
    async (p) => {
      await p.keyboard.press("Control+Shift+Digit2");
      await p.waitForTimeout(1200);
    },
  ],
  stream: [
    S.WORKING,
    async (p, h) => {
      h.world.live({
        type: "delta",
        messageId: "m9",
        conversationId: "main",
        taskId: "t1",
        agent: "supervisor",
        offset: 0,
        text: "Code has the check ready. While Infra waits for you, here is **what",
      });
      await p.waitForTimeout(600);
    },
  ],
  empty: [S.EMPTY_CHAT],
  mention: [
    S.EMPTY_CHAT,
    async (p) => {
      await p.locator("#composer").fill("@");
      await p.waitForTimeout(200);
    },
  ],
  loading: [
    { ...S.WORKING, daemonSilent: true },
    async (p) => {
      await p.waitForTimeout(500);
    },
  ],
  offline: [
    S.WORKING,
    async (p, h) => {
      await p.waitForTimeout(300);
      h.world.connect({
        state: "waiting",
        retryAt: new Date(Date.now() + 8000).toISOString(),
        error: { code: "connection.lost", message: "x" },
      });
      await p.locator("#composer").fill("And please tell me when it is done");
      await p.keyboard.press("Enter");
      await p.waitForTimeout(500);
    },
  ],
  agents: [S.WORKING, nav("agents")],
  tasks: [S.WORKING, nav("tasks")],
  taskempty: [S.EMPTY_CHAT, nav("tasks")],
  task: [S.WORKING, nav("tasks/t2")],
  taskroot: [S.WORKING, nav("tasks/t1")],
  terminals: [
    S.WORKING,
    async (p, h) => {
      await nav("terminals")(p, h);
      await p.waitForTimeout(900);
    },
  ],
  server: [
    {
      ...S.WORKING,
      plan: { ...S.PLAN, steps: S.PLAN.steps.map((s) => ({ ...s, state: "satisfied" as const, changes: [] })) },
    },
    nav("server"),
  ],
  plan: [S.FRESH, nav("server")],
  planopen: [
    S.FRESH,
    async (p, h) => {
      await nav("server")(p, h);
      await p.getByText("PostgreSQL", { exact: true }).click();
      await p.waitForTimeout(200);
    },
  ],
  run: [S.FRESH, runScene],
  runfailed: [
    S.FRESH,
    async (p, h) => {
      await runScene(p, h);
      const error = {
        code: "provision.step_failed" as const,
        message: "apt-get install postgresql ended with exit code 100.",
        hint: "Another package manager is running on the server. Wait for it to end and go on.",
        details:
          "$ apt-get install -y postgresql\nE: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 2214 (unattended-upgr)\nE: Unable to acquire the dpkg frontend lock",
      };
      h.world.runEvent({ type: "step_ended", result: { id: "postgres", state: "failed", ms: 4200 }, error });
      h.world.runEvent({ type: "ended", result: { ok: false, changed: 2, steps: [], error } });
      await p.waitForTimeout(400);
    },
  ],
  rundone: [
    S.FRESH,
    async (p, h) => {
      await runScene(p, h);
      for (const s of S.PLAN.steps.slice(2))
        h.world.runEvent({
          type: "step_ended",
          result: { id: s.id, state: s.state === "needed" ? "changed" : "unchanged", ms: 2311 },
        });
      h.world.setServers([S.sshServer()]);
      h.world.runEvent({
        type: "ended",
        result: {
          ok: true,
          changed: 7,
          steps: S.PLAN.steps.map((s) => ({ id: s.id, state: "changed" as const, ms: 3400 })),
        },
      });
      await p.waitForTimeout(400);
    },
  ],
  sudo: [
    {
      ...S.FRESH,
      plan: {
        ...S.PLAN,
        facts: { ...S.PLAN.facts, user: "deploy", root: "sudo_password" },
        blockers: [{ code: "provision.sudo_password_needed", message: "x" }],
      },
    },
    nav("server"),
  ],
  planfail: [
    {
      ...S.FRESH,
      planError: {
        code: "provision.no_sudo",
        message: "deploy may not use sudo on hetzner-1.",
        hint: "Add deploy to the group sudo, or log in as root.",
      },
    },
    nav("server"),
  ],
  hostkey: [
    { servers: [S.sshServer({ state: "asking", question: { kind: "host_key", hostKey: S.FOUND_KEY } }, false)] },
  ],
  passphrase: [
    {
      servers: [
        S.sshServer(
          { state: "asking", question: { kind: "passphrase", keyFile: "~/.ssh/id_ed25519", wrong: true } },
          false,
        ),
      ],
    },
  ],
  password: [
    { servers: [S.sshServer({ state: "asking", question: { kind: "password", user: "root", wrong: false } }, false)] },
  ],
  changed: [
    {
      servers: [
        S.sshServer({
          state: "refused",
          error: { code: "connection.host_key_changed", message: "x" },
          expected: S.EXPECTED_KEY,
          found: S.FOUND_KEY,
        }),
      ],
      status: S.STATUS,
    },
    nav("server"),
  ],
  refused: [
    {
      servers: [
        S.sshServer(
          {
            state: "refused",
            error: {
              code: "connection.auth_failed",
              message: "root@203.0.113.7 did not accept the key ~/.ssh/id_ed25519.",
              hint: "Check that its public part is in /root/.ssh/authorized_keys on the server.",
            },
          },
          false,
        ),
      ],
    },
    nav("server"),
  ],
  settings: [S.WORKING, nav("settings")],
  palette: [
    S.WORKING,
    async (p) => {
      await p.keyboard.press("Control+k");
      await p.waitForTimeout(300);
    },
  ],
  shortcuts: [
    S.WORKING,
    async (p) => {
      await p.keyboard.press("?");
      await p.waitForTimeout(300);
    },
  ],
  switcher: [
    {
      ...S.WORKING,
      servers: [
        S.sshServer(),
        {
          server: { ...S.sshServer().server, id: "s2", name: "backup-2" },
          connection: { state: "refused", error: { code: "connection.auth_failed", message: "x" } },
        },
      ],
    },
    async (p) => {
      await p.getByRole("button", { name: /Change server/ }).click();
      await p.waitForTimeout(300);
    },
  ],
  daemonaway: [
    { ...S.WORKING, daemonAway: true },
    async (p) => {
      await p.waitForTimeout(4500);
    },
  ],
};
const sizes: [string, number, number, "dark" | "light"][] = [
  ["d", 1440, 900, "dark"],
  ["l", 1440, 900, "light"],
  ["m", 1000, 800, "dark"],
  ["s", 420, 800, "light"],
];
const wanted = process.env.SIZES?.split(",") ?? sizes.map(([n]) => n);
for (const [name, [scene, act]] of Object.entries(shots)) {
  if (only.length && !only.includes(name)) continue;
  for (const [tag, width, height, scheme] of sizes.filter(([n]) => wanted.includes(n))) {
    const host = await startFakeHost(scene);
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    page.on("console", (m) => m.type() === "error" && console.log(name, tag, m.text()));
    page.on("pageerror", (e) => console.log(name, tag, "PAGEERROR", e.message));
    try {
      await page.goto(host.address);
      await page.waitForTimeout(700);
      await act?.(page, host);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) console.log(name, tag, "OVERFLOW", over);
    } catch (e) {
      console.log(name, tag, String(e).slice(0, 300));
    }
    await page.screenshot({ path: `/tmp/shots/${name}-${tag}.png` });
    await page.close();
    await host.close();
  }
}
await browser.close();
