import { expect, test } from "vitest";
import { runProgram } from "../../../src-main/platform/run-program.ts";

test("gives input, both outputs and the exit code", async () => {
  const lines: string[] = [];
  const script = "read line; echo got $line; echo bad >&2; exit 3";
  const result = await runProgram(["sh", "-c", script], { input: "this\n", onLine: (line) => lines.push(line) });
  expect(result).toEqual({ exitCode: 3, stdout: "got this\n", stderr: "bad\n" });
  expect(lines.toSorted()).toEqual(["bad", "got this"]);
});

test("ends a program and what it started at the deadline", async () => {
  const startedAt = Date.now();
  const run = runProgram(["sh", "-c", "sleep 60 & wait"], { timeoutMs: 200 });
  await expect(run).rejects.toMatchObject({ code: "app.timed_out" });
  expect(Date.now() - startedAt).toBeLessThan(5000);
});

test("ends a program when told to", async () => {
  const stop = new AbortController();
  const run = runProgram(["sh", "-c", "echo up; sleep 60"], { signal: stop.signal, onLine: () => stop.abort() });
  await expect(run).rejects.toMatchObject({ code: "app.cancelled" });
});

test("names a program that is not there", async () => {
  await expect(runProgram(["no-such-program-here"])).rejects.toMatchObject({ code: "local.program_missing" });
});
