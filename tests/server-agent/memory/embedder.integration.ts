import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { MEMORY_MODEL } from "../../../contract/memory-model.ts";
import { createEmbedder, type Embedder } from "../../../server-agent/memory/embedder.ts";
import { cosine } from "../../../server-agent/memory/vectors.ts";
import { layMemoryModel } from "../../support/memory-model.ts";
import { until } from "../../support/start-program.ts";

let model: Awaited<ReturnType<typeof layMemoryModel>>;
let embedder: Embedder | undefined;
const alive = new AbortController().signal;

beforeAll(async () => {
  model = await layMemoryModel();
});
afterEach(() => embedder?.close());
afterAll(() => model.remove());

/** Processes of this one that run the program of this folder. */
function programs(folder = model.folder): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && existsSync(`/proc/${pid}/cmdline`))
    .filter((pid) => readCommand(pid).includes(`${folder}/embed.mjs`));
}
function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has just ended
  }
}

it("puts sentences that mean the same near each other, whatever their words", async () => {
  embedder = createEmbedder(model.folder);
  const [question, same, other] = await embedder.embed(
    ["How do I get my money back?", "Refunds are paid within a week.", "The fox sleeps in the forest."],
    alive,
  );
  if (!question || !same || !other) throw new Error("a vector is missing");
  expect([question.length, cosine(question, question)]).toEqual([MEMORY_MODEL.dimensions, expect.closeTo(1, 4)]);
  expect(cosine(question, same)).toBeGreaterThan(cosine(question, other) + 0.2);
});

it("runs its program only while it is wanted, and gives way to others", async () => {
  embedder = createEmbedder(model.folder, { idleMs: 200, deadlineMs: 30_000 });
  await until("those of other tests have ended", () => programs().length === 0);
  await embedder.embed(["text"], alive);
  const [pid] = programs();
  expect(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[18]).toBe("10");
  await until("the program has ended", () => programs().length === 0);
  expect(await embedder.embed(["again"], alive)).toHaveLength(1);
});

it("fails when its program is killed, and starts it anew for the next text", async () => {
  embedder = createEmbedder(model.folder);
  await embedder.embed(["warm"], alive);
  const asked = embedder.embed(Array<string>(40).fill("a long text about nothing ".repeat(30)), alive);
  for (const pid of programs()) process.kill(pid, "SIGKILL");
  await expect(asked).rejects.toThrow("The memory's model ended: SIGKILL");
  expect(await embedder.embed(["again"], alive)).toHaveLength(1);
});

it("is not waited for longer than its deadline, and leaves no program behind", async () => {
  embedder = createEmbedder(model.folder, { idleMs: 60_000, deadlineMs: 50 });
  await expect(embedder.embed(["text"], alive)).rejects.toThrow("no answer within 0.05 s");
  await until("the program has ended", () => programs().length === 0);
});

it("can be left by who asked, while others go on", async () => {
  embedder = createEmbedder(model.folder);
  const leaving = new AbortController();
  const [left, kept] = [embedder.embed(["one"], leaving.signal), embedder.embed(["other"], alive)];
  leaving.abort(new Error("left"));
  await expect(left).rejects.toThrow("left");
  expect(await kept).toHaveLength(1);
});

it("says what is wrong with a model that cannot be loaded", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "memory-model-"));
  for (const file of readdirSync(model.folder))
    writeFileSync(path.join(folder, file), readFileSync(`${model.folder}/${file}`));
  writeFileSync(path.join(folder, "model.fp16.safetensors"), "not weights");
  embedder = createEmbedder(folder);
  await expect(embedder.embed(["text"], alive)).rejects.toThrow(/./);
  rmSync(folder, { recursive: true });
});

it("is there once all its files are", () => {
  expect([createEmbedder(model.folder).isThere(), createEmbedder("/nowhere").isThere()]).toEqual([true, false]);
  expect(createEmbedder(undefined).isThere()).toBe(false);
});
