import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GroupOptions, runGroup } from "../../../server-agent/platform/run-group.ts";
import { until } from "../../support/start-program.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "run-group-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function bash(script: string, options: Partial<GroupOptions> = {}) {
  const output = { stdout: "", stderr: "" };
  const end = await runGroup(["/bin/bash", "--norc", "-c", script], {
    env: { PATH: "/usr/bin:/bin", FOLDER: folder },
    timeoutMs: 10_000,
    onOutput: (text, stream) => {
      output[stream] += text;
    },
    ...options,
  });
  return { ...end, ...output };
}

describe("a program with its children", () => {
  it("reads its input and keeps output and errors apart", async () => {
    expect(await bash("cat; echo oops >&2; exit 3", { input: "hello" })).toEqual({
      reason: "exited",
      code: 3,
      stdout: "hello",
      stderr: "oops\n",
    });
  });

  it("may end without having read a large input", async () => {
    expect(await bash("exit 0", { input: "x".repeat(4_000_000) })).toMatchObject({ reason: "exited", code: 0 });
  });

  it("is not waited for by what it left in the background, when asked so", async () => {
    const end = await bash("sleep 30 & echo $!", { lingerMs: 50 });
    process.kill(Number(end.stdout));
    expect(end).toMatchObject({ reason: "exited", code: 0 });
  });

  it("is stopped with a child that ignores SIGTERM and holds no output open", async () => {
    const script = `(trap '' TERM; echo $BASHPID > "$FOLDER/stubborn"; while :; do sleep 0.1; done) >/dev/null 2>&1 & wait`;
    const stop = new AbortController();
    const running = bash(script, { signal: stop.signal });
    await until("the child runs", () => existsSync(path.join(folder, "stubborn")));
    const number = await until(
      "its number is written",
      () => readFileSync(path.join(folder, "stubborn"), "utf8") || null,
    );
    const pid = Number(number);
    stop.abort();
    expect(await running).toMatchObject({ reason: "aborted" });
    await until("the child is gone", () => !existsSync(`/proc/${pid}`));
  });

  it("ends at its timeout though a child of a session of its own holds the output open", async () => {
    const end = await bash("setsid sleep 5 & wait", { timeoutMs: 100, lingerMs: 50 });
    expect(end).toMatchObject({ reason: "timed_out" });
  });
});
