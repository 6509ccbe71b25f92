import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { findPlaces } from "../../src-main/local/places.ts";
import { hostClient, launchApp, onStandin, temporaryHome, type RunningApp } from "../support/electron-app.ts";
import { startSshd } from "../support/sshd.ts";

const root = path.resolve(import.meta.dirname, "../..");
test.setTimeout(60_000);

let home = "";
let running: RunningApp;

test.beforeEach(async () => {
  home = temporaryHome();
  running = await launchApp(home);
});
test.afterEach(async () => {
  await running.app.close();
  rmSync(home, { recursive: true, force: true });
});

test("shows the built page at our address under a strict content security policy", async () => {
  const { app, page } = running;
  const address = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
  const policy = await page.evaluate(async () => {
    const response = await fetch("index.html");
    return response.headers.get("content-security-policy");
  });
  expect([address, await page.title()]).toEqual(["app://ai-infrastructure/index.html", "AI Infrastructure"]);
  expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
});

test("runs no script of the page that is not in its own files", async () => {
  const { page } = running;
  const outcome = await page.evaluate(async () => {
    const blocked = new Promise<string>((resolve) =>
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective)),
    );
    const script = document.createElement("script");
    script.textContent = "window.injected = true";
    document.head.append(script);
    return [await blocked, "injected" in window];
  });
  expect(outcome).toEqual(["script-src-elem", false]);
});

test("answers a call of the host's API over a port of the page", async () => {
  const host = await hostClient(running.page);
  expect(await host.app.info()).toEqual({
    version: manifestVersion(),
    shell: "electron",
    platform: process.platform,
    keychain: onStandin,
  });
});

test("carries text and bytes both ways, byte for byte", async () => {
  const { app, page } = running;
  // The host's own channels are text until a terminal opens, so an echo takes their place.
  await app.evaluate(({ ipcMain }) => {
    ipcMain.removeAllListeners("open-channel");
    ipcMain.on("open-channel", ({ ports: [port] }) => {
      port?.on("message", ({ data }) => port.postMessage(typeof data === "string" ? `${data}!` : data.toReversed()));
      port?.start();
    });
  });
  const answers = await page.evaluate(async () => {
    const { port1, port2 } = new MessageChannel();
    const received: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      port1.addEventListener("message", (event) => {
        received.push(event.data instanceof Uint8Array ? [...event.data] : event.data);
        if (received.length === 2) resolve();
      });
    });
    port1.start();
    window.postMessage({ type: "ai-infra:open-channel", path: "host" }, "*", [port2]);
    port1.postMessage("snow ☃");
    port1.postMessage(Uint8Array.from({ length: 256 }, (_, index) => index));
    await done;
    return received;
  });
  expect(answers).toEqual(["snow ☃!", Array.from({ length: 256 }, (_, index) => 255 - index)]);
});

test("refuses channels that are not for the host", async () => {
  const refused = ["", "files/etc", "daemon/", "daemon/%zz", `daemon/${"x".repeat(600)}`, 7, { kind: "host" }];
  const outcomes = await running.page.evaluate(
    (paths) =>
      Promise.all(
        paths.map((asked) => {
          const { port1, port2 } = new MessageChannel();
          const closed = new Promise<string>((resolve) => port1.addEventListener("close", () => resolve("closed")));
          port1.start();
          window.postMessage({ type: "ai-infra:open-channel", path: asked }, "*", [port2]);
          return closed;
        }),
      ),
    refused,
  );
  expect(outcomes).toEqual(refused.map(() => "closed"));
});

test("gives the page nothing but the name of its shell", async () => {
  const seen = await running.page.evaluate(() => {
    const page = window as unknown as Record<string, unknown>;
    return {
      exposed: page["aiInfrastructure"],
      isFrozen: Object.isFrozen(page["aiInfrastructure"]),
      leaked: ["require", "process", "module", "Buffer", "global", "electron", "ipcRenderer"].filter(
        (name) => name in page,
      ),
    };
  });
  expect(seen).toEqual({ exposed: { shell: "electron" }, isFrozen: true, leaked: [] });
});

test("stays on its page and opens only https links, in the person's browser", async () => {
  const { app, page } = running;
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { openedLinks: opened });
    shell.openExternal = async (address) => void opened.push(address);
  });
  const address = page.url();
  for (const target of ["http://example.org/", "file:///etc/passwd", "https://example.org/docs"]) {
    // A navigation that starts inside evaluate would take the evaluation with it.
    await page.evaluate((href) => void setTimeout(() => window.location.assign(href), 0), target);
  }
  for (const target of ["http://example.net/", "about:blank", "https://example.net/popup"]) {
    await page.evaluate((href) => void window.open(href), target);
  }
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { openedLinks: string[] }).openedLinks.toSorted()))
    .toEqual(["https://example.net/popup", "https://example.org/docs"]);
  await expect.poll(() => app.windows().length).toBe(1);
  expect([page.url(), await page.title()]).toEqual([address, "AI Infrastructure"]);
});

test("lets the page write to the clipboard and nothing else", async () => {
  const states = await running.page.evaluate(async () => {
    const names = ["clipboard-write", "clipboard-read", "geolocation", "notifications", "microphone", "midi"];
    const results = await Promise.all(
      names.map((name) => navigator.permissions.query({ name: name as PermissionName })),
    );
    return results.map((result, index) => `${names[index]}: ${result.state}`);
  });
  expect(states.filter((state) => state.endsWith("granted"))).toEqual(["clipboard-write: granted"]);
});

test("opens the window where it was closed", async () => {
  const bounds = { x: 120, y: 90, width: 1234, height: 777 };
  await running.app.evaluate(
    ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
    bounds,
  );
  await running.app.close();
  running = await launchApp(home);
  const found = await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(found).toEqual(bounds);
});

test("a second start shows the first one's window and ends", async () => {
  const { app } = running;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  const executable = app.process().spawnfile;
  const second = spawn(executable, ["--no-sandbox", "."], {
    cwd: root,
    env: { ...process.env, AI_INFRA_HOME: home },
    stdio: "ignore",
  });
  const [code] = await once(second, "exit");
  expect(code).toBe(0);
  await expect
    .poll(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized())),
    )
    .toEqual([false]);
});

test("notifies of a question while the window is behind others, and a click leads to it", async () => {
  test.skip(!onStandin, "A real desktop's notifications cannot be looked at or clicked from here");
  test.setTimeout(180_000);
  const { app, page } = running;
  const host = await hostClient(page);
  const toFront = async (isFront: boolean) =>
    await app.evaluate(({ BrowserWindow }, front) => {
      const [window] = BrowserWindow.getAllWindows();
      if (front) window?.focus();
      else window?.blur();
    }, isFront);
  const ask = async () => {
    await page.locator("#composer").fill("ask for approval to remove the old site");
    await page.locator("#composer").press("Enter");
  };
  try {
    await host.local.start({ model: "simulated" });
    await toFront(true);
    await ask();
    const card = page.getByRole("region", { name: "Supervisor asks" });
    await expect(card).toBeVisible({ timeout: 60_000 });
    await card.getByRole("button", { name: "Deny" }).click();
    await expect(card).toBeHidden();

    await toFront(false);
    await ask();
    await expect
      .poll(() => shownNotifications(app), { timeout: 60_000 })
      .toEqual([{ title: "supervisor on This computer asks for your yes", body: "remove the old site" }]);
    await page.evaluate(() => (location.hash = "#/settings"));
    await app.evaluate(({ Notification }) => {
      (Notification as unknown as { shown: Electron.Notification[] }).shown[0]?.emit("click");
    });
    await expect(card).toBeFocused();
    await card.getByRole("button", { name: "Allow once" }).click();
    await expect.poll(() => shownNotifications(app)).toEqual([]);
  } finally {
    await host.local.stop();
    rmSync(findPlaces(home, process.getuid?.() === 0).root, { recursive: true, force: true });
  }
});

/** By the stand-in, which remembers what is on its desktop. */
async function shownNotifications(app: RunningApp["app"]): Promise<{ title: string; body: string }[]> {
  return await app.evaluate(({ Notification }) =>
    (Notification as unknown as { shown: Electron.Notification[] }).shown.map(({ title, body }) => ({ title, body })),
  );
}

test("keeps a passphrase over a restart, sealed by the keychain", async () => {
  test.skip(!onStandin, "Playwright starts Electron without a keyring");
  const sshd = await startSshd();
  try {
    const host = await hostClient(running.page);
    const { id } = await host.servers.add({
      address: { host: "127.0.0.1", port: sshd.port, user: sshd.user },
      auth: { kind: "key_file", path: sshd.lockedKey },
    });
    await host.servers.connect({ id });
    await host.servers.answer({ id, answer: { kind: "host_key", fingerprint: await askedFingerprint(host, id) } });
    await waitFor(host, id, "asking passphrase");
    await host.servers.answer({ id, answer: { kind: "passphrase", passphrase: sshd.passphrase, remember: true } });
    await waitFor(host, id, "online");
    await running.app.close();

    const readable = filesBelow(home).filter((file) => readFileSync(file).includes(sshd.passphrase));
    running = await launchApp(home);
    const restarted = await hostClient(running.page);
    await restarted.servers.connect({ id });
    await waitFor(restarted, id, "online");
    expect(readable).toEqual([]);
    expect(statSync(path.join(home, "keychain.json")).mode & 0o077).toBe(0);
  } finally {
    await sshd.close();
  }
});

type Host = Awaited<ReturnType<typeof hostClient>>;

async function stateOf(host: Host, id: string): Promise<string> {
  const view = (await host.servers.list()).find(({ server }) => server.id === id);
  if (view?.connection.state !== "asking") return view?.connection.state ?? "unknown server";
  return `asking ${view.connection.question.kind}`;
}

async function waitFor(host: Host, id: string, state: string): Promise<void> {
  await expect.poll(() => stateOf(host, id)).toBe(state);
}

async function askedFingerprint(host: Host, id: string): Promise<string> {
  await waitFor(host, id, "asking host_key");
  const view = (await host.servers.list()).find(({ server }) => server.id === id);
  if (view?.connection.state !== "asking" || view.connection.question.kind !== "host_key") return "";
  return view.connection.question.hostKey.fingerprint;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

function manifestVersion(): string {
  return (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string }).version;
}
