import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bubblewrapArgv, createBubblewrap } from "../../../server-agent/sandbox/bubblewrap.ts";
import { checkSandbox } from "../../../server-agent/sandbox/check-sandbox.ts";
import { until } from "../../support/start-program.ts";

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(path.join(tmpdir(), "sandbox-"));
  chmodSync(workspace, 0o777);
});
afterAll(() => rmSync(workspace, { recursive: true }));

async function run(command: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}) {
  let output = "";
  const end = await createBubblewrap(workspace).run(command, {
    cwd: workspace,
    timeoutMs: options.timeoutMs ?? 10_000,
    signal: options.signal,
    onOutput: (text) => {
      output += text;
    },
  });
  return { ...end, output: output.trim() };
}

describe("sandboxed commands", () => {
  it("work in the workspace and see what they wrote", async () => {
    expect(await run("echo hi > note.txt; cat note.txt; pwd")).toEqual({
      reason: "exited",
      code: 0,
      output: `hi\n${workspace}`,
    });
  });

  it.each(["/etc/evil", "/usr/evil", "/root/evil", "/home/evil", `${tmpdir()}/evil-outside`])(
    "cannot leave a file at %s",
    async (file) => {
      await run(`mkdir -p ${path.dirname(file)}; echo x > ${file}`);
      expect(existsSync(file)).toBe(false);
    },
  );

  it("cannot read what is not the system's or the workspace's", async () => {
    const { output } = await run("cat /etc/shadow; ls -A /root /home /var/lib /run");
    expect(output).not.toMatch(/root:/);
    expect(output).not.toMatch(/postgresql|ai-infrastructure|systemd/);
  });

  it("have no network, not even to this machine", async () => {
    const server = createServer((_, response) => response.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { output, code } = await run(`exec 3<>/dev/tcp/127.0.0.1/${port} && echo connected`);
    server.close();
    expect(code).not.toBe(0);
    expect(output).not.toContain("connected");
  });

  it("see no other process, no secret of ours and no privilege", async () => {
    process.env["SANDBOX_TEST_SECRET"] = "canary-4711";
    const { output } = await run(
      "env; cat /proc/*/cmdline | tr '\\0' ' '; grep CapEff /proc/self/status; unshare -U true",
    );
    expect(output).not.toContain("canary-4711");
    expect(output).not.toContain("vitest");
    expect(output).toMatch(/CapEff:\s+0+\n/);
    expect(output).toContain("unshare failed");
  });

  it("are ended before any other program when memory is short", async () => {
    expect((await run("cat /proc/self/oom_score_adj")).output).toBe("1000");
  });

  it("end with all their children when interrupted, timed out or left behind", async () => {
    const stop = new AbortController();
    const running = run("touch began; sleep 31337 & sleep 31337", { signal: stop.signal });
    await until("it runs", () => existsSync(path.join(workspace, "began")));
    stop.abort();
    expect(await running).toMatchObject({ reason: "aborted" });
    expect(await run("sleep 31337", { timeoutMs: 200 })).toMatchObject({ reason: "timed_out" });
    await run("(sleep 0.5; touch late) & sleep 31337 & echo left");
    await until("all are gone", () => {
      const left = execFileSync("sh", ["-c", "ps -eo args | grep -c '[s]leep 31337' || true"], { encoding: "utf8" });
      return left.trim() === "0";
    });
    expect(existsSync(path.join(workspace, "late"))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)("work for an unprivileged user too", () => {
    const [program, ...parameters] = bubblewrapArgv({
      workspace,
      cwd: workspace,
      command: "id -u; echo mine > mine.txt; echo x > /etc/evil",
      namespaces: ["--unshare-user", "--disable-userns"],
    });
    const user = ["--reuid=65534", "--regid=65534", "--clear-groups", program, ...parameters];
    expect(() => execFileSync("setpriv", user, { stdio: "pipe" })).toThrow("Read-only file system");
    expect(readFileSync(path.join(workspace, "mine.txt"), "utf8")).toBe("mine\n");
  });
});

describe("checkSandbox", () => {
  it("says which sandbox works, and why none does", async () => {
    expect(await checkSandbox(workspace)).toEqual({ state: "up", detail: expect.stringMatching(/^bubblewrap \d/) });
    expect(await checkSandbox("/nowhere/at/all")).toEqual({
      state: "down",
      detail: expect.stringContaining("/nowhere/at/all does not exist"),
    });
  });
});
