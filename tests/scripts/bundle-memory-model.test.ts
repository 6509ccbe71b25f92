import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MEMORY_MODEL, MEMORY_MODEL_FILES, MEMORY_MODEL_PROGRAM } from "../../contract/memory-model.ts";
import { bundleMemoryModel } from "../../scripts/bundle-memory-model.mjs";
import type { EmbedAnswer, EmbedRequest } from "../../server-agent/memory/embed-message.ts";

let folder: string;
let program: ChildProcess | undefined;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "memory-model-"));
  await bundleMemoryModel(folder);
});
afterAll(() => {
  program?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

function start(): ChildProcess {
  return fork(path.join(folder, MEMORY_MODEL_PROGRAM), { serialization: "advanced", execArgv: [] });
}

async function ask(request: EmbedRequest): Promise<EmbedAnswer> {
  program ??= start();
  program.send(request);
  const [answer] = await once(program, "message");
  return answer as EmbedAnswer;
}

async function vectorsOf(...texts: readonly string[]): Promise<readonly Float32Array[]> {
  const answer = await ask({ id: 7, texts });
  if ("error" in answer) throw new Error(answer.error);
  expect(answer.id).toBe(7);
  return answer.vectors;
}

const product = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

test("the folder holds all that runs the model; what has been copied is not copied again", async () => {
  expect(readdirSync(folder)).toEqual(expect.arrayContaining([...MEMORY_MODEL_FILES]));
  const copied = () => statSync(path.join(folder, "model.fp16.safetensors")).mtimeMs;
  const before = copied();
  await bundleMemoryModel(folder);
  expect(copied()).toBe(before);
});

test("the program gives vectors of length 1, and a paraphrase is nearer than what is about something else", async () => {
  const [text, paraphrase, other] = await vectorsOf(
    "The nightly backup of the database failed because the disk was full.",
    "No room was left on the volume, so saving Postgres at midnight did not work.",
    "Our logo is to be blue with a thin white border.",
  );
  if (!text || !paraphrase || !other) throw new Error("A text got no vector");
  expect([text, paraphrase, other].map(({ length }) => length)).toEqual(Array(3).fill(MEMORY_MODEL.dimensions));
  for (const vector of [text, paraphrase, other]) expect(product(vector, vector)).toBeCloseTo(1, 4);
  expect(product(text, paraphrase)).toBeGreaterThan(product(text, other) + 0.2);
});

test("it says what it cannot do and goes on; it ends when the channel is closed", async () => {
  const wrong = { id: 1, texts: null } as unknown as EmbedRequest;
  expect(await ask(wrong)).toEqual({ id: 1, error: expect.any(String) });
  expect(await vectorsOf("again")).toHaveLength(1);
  const running = program ?? start();
  running.disconnect();
  expect(await once(running, "exit")).toEqual([0, null]);
});
