import { createHash, randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { accepting, asRoot, command, withInput } from "../../../provisioning/shell.ts";
import type { OpenLink } from "../../../src-main/servers/link.ts";
import { linksTo } from "../../support/ssh-link.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

let sshd: Sshd;
let connect: () => Promise<OpenLink>;
let link: OpenLink;
let folder: string;

beforeAll(async () => {
  sshd = await startSshd();
  connect = linksTo(sshd);
});
beforeEach(async () => {
  link = await connect();
  folder = mkdtempSync(path.join(tmpdir(), "ai-infra-shell-"));
  return () => {
    link.close();
    rmSync(folder, { recursive: true, force: true });
  };
});
afterAll(async () => {
  await sshd.close();
});

const readStatus = (pid: string) => (existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "");
/** Shell words that wait for a file beside the first argument. */
const awaits = (name: string) => `while [ ! -e "$1.${name}" ]; do sleep 0.05; done`;
const script = (text: string, ...words: string[]) => command("sh", "-c", text, "sh", ...words);

it("passes input, and hands on whole lines of both streams as they come", async () => {
  const lines: string[] = [];
  const greet = withInput(script("read line; echo $line; printf 'no end'; echo oops >&2"), "grüß dich\n");
  const result = await link.shell.run(greet, { onLine: (line) => lines.push(line) });
  expect(result).toEqual({ exitCode: 0, stdout: "grüß dich\nno end", stderr: "oops\n" });
  expect(lines.toSorted()).toEqual(["grüß dich", "no end", "oops"]);
});

it("tells an exit code that is an answer from one that is a failure", async () => {
  expect((await link.shell.run(accepting(script("exit 3"), 3))).exitCode).toBe(3);
  await expect(link.shell.run(script("echo almost; echo broken >&2; exit 3"))).rejects.toMatchObject({
    code: "provision.step_failed",
    message: expect.stringContaining("failed with exit code 3"),
    details: "almost\n\nbroken",
  });
});

it("survives a command that never reads its input", async () => {
  const large = "x".repeat(8 * 1024 * 1024);
  expect((await link.shell.run(withInput(script("echo done"), large))).stdout).toBe("done\n");
});

it("ends a command at its deadline and when it is cancelled", async () => {
  await expect(link.shell.run(command("sleep", "60"), { timeoutMs: 100 })).rejects.toMatchObject({
    code: "app.timed_out",
  });
  const abort = new AbortController();
  const running = link.shell.run(script("echo up; sleep 60"), { signal: abort.signal, onLine: () => abort.abort() });
  await expect(running).rejects.toMatchObject({ code: "app.cancelled" });
});

it("reports a lost connection in the middle of a command", async () => {
  const running = link.shell.run(script("echo up; sleep 60"), { onLine: () => sshd.killSessions() });
  await expect(running).rejects.toMatchObject({ code: "connection.lost" });
  expect(await link.closed).toMatchObject({ code: "connection.lost" });
});

it("joins long work again after a cut, repeats no line and runs it once", async () => {
  const file = path.join(folder, "runs");
  const work = asRoot(
    script(`echo run >>"$1"; echo one; ${awaits("joined")}; echo two; ${awaits("go")}; echo three`, file),
  );
  const key = `test-${randomUUID().slice(0, 8)}`;
  const lines: string[] = [];
  const cut = link.shell.runDetached(work, {
    key,
    onLine: (line) => {
      lines.push(line);
      sshd.killSessions();
    },
  });
  await expect(cut).rejects.toMatchObject({ code: "connection.lost" });

  link = await connect();
  const joined = link.shell.runDetached(work, { key, onLine: (line) => lines.push(line) });
  writeFileSync(`${file}.joined`, "");
  // It waits for `go`, so it is still running when this line arrives.
  await expect.poll(() => lines, { timeout: 20_000 }).toContain("two");
  writeFileSync(`${file}.go`, "");

  expect((await joined).exitCode).toBe(0);
  expect(lines).toEqual(["one", "two", "three"]);
  expect(readFileSync(file, "utf8")).toBe("run\n");
  expect(existsSync(`/run/ai-infrastructure-jobs/${key}`)).toBe(false);
});

it("returns the end of long work that ended while nobody was connected", async () => {
  const file = path.join(folder, "runs");
  const work = asRoot(script('echo run >>"$1"; echo up; sleep 0.3; echo ended >>"$1"; exit 7', file));
  const key = `test-${randomUUID().slice(0, 8)}`;
  const cut = link.shell.runDetached(work, { key, onLine: () => sshd.killSessions() });
  await expect(cut).rejects.toMatchObject({ code: "connection.lost" });
  await expect.poll(() => readFileSync(file, "utf8"), { timeout: 20_000 }).toBe("run\nended\n");

  link = await connect();
  await expect(link.shell.runDetached(work, { key })).rejects.toMatchObject({ code: "provision.step_failed" });
  expect(readFileSync(file, "utf8")).toBe("run\nended\n");

  link = await connect();
  await expect(link.shell.runDetached(work, { key })).rejects.toMatchObject({ code: "provision.step_failed" });
  expect(readFileSync(file, "utf8")).toBe("run\nended\nrun\nended\n");
});

it("gives long work its input and stops it with everything it started when it is cancelled", async () => {
  const abort = new AbortController();
  const file = path.join(folder, "pids");
  const work = asRoot(withInput(script('cat; sleep 300 & echo $! >"$1"; wait', file), "typed\n"));
  const key = `test-${randomUUID().slice(0, 8)}`;
  const lines: string[] = [];
  const running = link.shell.runDetached(work, { key, signal: abort.signal, onLine: (line) => lines.push(line) });
  await expect.poll(() => (existsSync(file) ? readFileSync(file, "utf8") : ""), { timeout: 20_000 }).toMatch(/\d+\n/);
  await expect.poll(() => lines, { timeout: 20_000 }).toEqual(["typed"]);
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: "app.cancelled" });
  const pid = readFileSync(file, "utf8").trim();
  // Gone, or dead and waiting for the init process of this machine to notice.
  await expect.poll(() => readStatus(pid)).not.toMatch(/^State:\s+[RSD]/m);
});

it("uploads a file whole, with its mode, and tells how far it is", async () => {
  const source = path.join(folder, "source");
  const content = randomBytes(5_000_000);
  writeFileSync(source, content);
  const destination = path.join(folder, "it's here");
  const progress: number[] = [];
  await link.shell.upload({ source, destination, mode: "0750" }, { onProgress: (done) => progress.push(done) });
  const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(digest(readFileSync(destination))).toBe(digest(content));
  expect(statSync(destination).mode & 0o777).toBe(0o750);
  expect(progress.at(-1)).toBe(content.length);
});

it("leaves nothing behind when an upload is cut, and the old file in place", async () => {
  const source = path.join(folder, "source");
  writeFileSync(source, randomBytes(64_000_000));
  const target = path.join(folder, "target");
  const destination = path.join(target, "file");
  await link.shell.run(command("mkdir", target));
  writeFileSync(destination, "old");
  const cut = link.shell.upload(
    { source, destination, mode: "0644" },
    { onProgress: (done) => void (done > 8_000_000 && sshd.killSessions()) },
  );
  await expect(cut).rejects.toMatchObject({ code: "connection.lost" });
  await expect.poll(() => readdirSync(target), { timeout: 20_000 }).toEqual(["file"]);
  expect(readFileSync(destination, "utf8")).toBe("old");
});

it("says that the server's disk is full", async () => {
  const source = path.join(folder, "source");
  writeFileSync(source, randomBytes(4_000_000));
  const small = path.join(folder, "small");
  await link.shell.run(script('mkdir "$1" && mount -t tmpfs -o size=1m tmpfs "$1"', small));
  try {
    const full = link.shell.upload({ source, destination: path.join(small, "file"), mode: "0644" });
    await expect(full).rejects.toMatchObject({ code: "provision.disk_full" });
    expect(readdirSync(small)).toEqual([]);
  } finally {
    await link.shell.run(command("umount", small));
  }
});

it("echoes keystrokes without the delay of small packets", async () => {
  const times: number[] = [];
  for (let turn = 0; turn < 40; turn++) times.push(await link.ping());
  expect(times.toSorted((a, b) => a - b)[20]).toBeLessThan(20);
});
