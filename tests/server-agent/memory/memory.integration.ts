import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeFinds } from "../../../server-agent/memory/describe-finds.ts";
import { createEmbedder } from "../../../server-agent/memory/embedder.ts";
import { type Memory, openMemory } from "../../../server-agent/memory/open-memory.ts";
import { createLog } from "../../../server-agent/platform/log.ts";
import { createMemoryFolder } from "../../../server-agent/platform/memory-folder.ts";
import { layMemoryModel } from "../../support/memory-model.ts";
import { until } from "../../support/start-program.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

let database: TestStore;
let model: Awaited<ReturnType<typeof layMemoryModel>>;
let workspace: string;
let memory: Memory | undefined;
const alive = new AbortController().signal;

beforeAll(async () => {
  [database, model] = await Promise.all([createStore(), layMemoryModel()]);
});
beforeEach(() => {
  workspace = mkdtempSync(path.join(tmpdir(), "workspace-"));
});
afterEach(async () => {
  memory?.close();
  rmSync(workspace, { recursive: true });
  await database.store.write(async (db) => await db.deleteFrom("memory_files").execute());
});
afterAll(async () => {
  model.remove();
  await database.remove();
});

function remember(file: string, text: string): void {
  const place = path.join(workspace, "MEMORY", file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
}

/** `withModel: false`: on a server that has not got it. */
function open({ withModel = true } = {}): Memory {
  const folder = createMemoryFolder(workspace);
  const embedder = createEmbedder(withModel ? model.folder : undefined);
  return openMemory({ store: database.store, log: createLog({ level: "error" }), folder, embedder, index: null });
}

async function search(query: string, limit = 5): Promise<string> {
  return describeFinds(await (memory ??= open()).search(query, limit, alive));
}
const filesIn = (answer: string) => answer.split("\n").filter((line) => line.startsWith("MEMORY/"));

/** Until everything that is there has its vector. */
async function filled(): Promise<void> {
  await until("all pieces have vectors", async () => {
    const { pieces, withVector } = (await memory?.status(alive)) ?? { pieces: 1, withVector: 0 };
    return pieces > 0 && pieces === withVector;
  });
}

describe("by words alone", () => {
  beforeEach(() => {
    memory = open({ withModel: false });
  });

  it("finds what was learned, the best match first, and says where it can be read whole", async () => {
    remember("Learning/BUILD/2026-11-02_a-1.md", "The import stops at lines with a quote; escape them first.\n");
    remember("Learning/VERIFY/2026-11-03_b-1.md", "Restarting nginx needs a test of the configuration first.\n");
    remember("Signals/verification.jsonl", '{"text":"nginx nginx nginx"}\n');
    expect(await search("nginx configurations")).toBe(
      "MEMORY/Learning/VERIFY/2026-11-03_b-1.md\nRestarting nginx needs a test of the configuration first.\n\nFound by words.",
    );
  });

  it("forgives a slip of the pen and half a word, and gives no more than was wanted", async () => {
    for (const number of [1, 2, 3]) remember(`Learning/PLAN/${number}.md`, `Deployments are slow, lesson ${number}.\n`);
    expect(filesIn(await search("deplyments", 2))).toHaveLength(2);
    expect(filesIn(await search("deploy"))).toHaveLength(3);
  });

  it("finds a file by its name", async () => {
    remember("Work/archive/billing-import/RUN.md", "It went well.\n");
    expect(filesIn(await search("billing"))).toEqual(["MEMORY/Work/archive/billing-import/RUN.md"]);
  });

  it("says when nothing matches, and when there is no memory yet", async () => {
    expect(await search("anything")).toBe("Nothing in the memory matches");
    remember("Learning/PLAN/1.md", "Deployments are slow.\n");
    expect([await search("giraffe"), await search("the of and"), await search("' | \\ & !:*")]).toEqual(
      Array(3).fill("Nothing in the memory matches"),
    );
  });

  it("follows what is written, changed and removed", async () => {
    remember("Learning/PLAN/1.md", "Deployments are slow.\n");
    await search("deployments");
    remember("Learning/PLAN/1.md", "Backups are quick.\n\nSo are restores, once a day, in the night.\n");
    remember("Learning/PLAN/2.md", "Backups of PostgreSQL are compressed.\n");
    expect([filesIn(await search("deployments")), filesIn(await search("backups")).toSorted()]).toEqual([
      [],
      ["MEMORY/Learning/PLAN/1.md", "MEMORY/Learning/PLAN/2.md"],
    ]);
    rmSync(path.join(workspace, "MEMORY/Learning/PLAN/2.md"));
    expect(filesIn(await search("compressed"))).toEqual([]);
  });

  it("does not follow a link out of the memory, neither as a file nor as a folder", async () => {
    const outside = mkdtempSync(path.join(tmpdir(), "outside-"));
    writeFileSync(path.join(outside, "secret.md"), "the password of deployments is hunter2\n");
    remember("Learning/PLAN/1.md", "Nothing.\n");
    symlinkSync(path.join(outside, "secret.md"), path.join(workspace, "MEMORY/Learning/PLAN/link.md"));
    symlinkSync(outside, path.join(workspace, "MEMORY/Learning/away"));
    expect(await search("deployments password")).toBe("Nothing in the memory matches");
    rmSync(outside, { recursive: true });
  });

  it("takes a text with NUL, and a large one, without harm", async () => {
    remember("Learning/PLAN/1.md", `odd \0 text about zebras\n\n${"filler ".repeat(50_000)}`);
    expect(await search("zebras")).toContain("odd � text about zebras");
  });
});

describe("by meaning", () => {
  it("finds what says the same in other words, and nothing for what nothing is about", async () => {
    remember("Learning/PLAN/refunds.md", "Refunds are paid within a week after the goods came back.\n");
    remember("Learning/PLAN/forest.md", "The fox sleeps under the old oak.\n");
    remember("Learning/BUILD/tls.md", "The certificate of the web server is renewed by a timer at night.\n");
    memory = open();
    await filled();
    const answer = await search("how do customers get their money");
    expect([filesIn(answer)[0], answer.endsWith("Found by words and meaning.")]).toEqual([
      "MEMORY/Learning/PLAN/refunds.md",
      true,
    ]);
    expect(filesIn(await search("https expiry"))[0]).toBe("MEMORY/Learning/BUILD/tls.md");
    expect(await search("quantum chromodynamics lattice")).toBe("Nothing in the memory matches");
  });

  it("gets vectors for what a search found new, and keeps those of what did not change", async () => {
    const kept = "Refunds take a week. ".repeat(12);
    remember("Learning/PLAN/1.md", `${kept}\n\n${"Something else is said here. ".repeat(10)}\n`);
    memory = open();
    await filled();
    const before = await vectors();
    remember("Learning/PLAN/1.md", `${kept}\n\n${"Now other things are said here. ".repeat(10)}\n`);
    await search("refunds");
    await filled();
    const after = await vectors();
    expect([before.length, after.length, after.filter((id) => before.includes(id)).length]).toEqual([2, 2, 1]);
  });

  it("goes on by words when the model fails, and tells so", async () => {
    remember("Learning/PLAN/1.md", "Refunds take a week.\n");
    memory = open();
    await filled();
    memory.close();
    const embedder = {
      isThere: () => true,
      embed: async () => await Promise.reject(new Error("gone")),
      close: () => undefined,
    };
    memory = openMemory({
      store: database.store,
      log: createLog({ level: "error" }),
      folder: createMemoryFolder(workspace),
      embedder,
      index: null,
    });
    expect(await search("refunds")).toContain("Found by words.");
    remember("Learning/PLAN/2.md", "Backups are quick.\n");
    await search("backups");
    await until("the problem is told", async () => (await memory?.status(alive))?.problem === "gone");
  });
});

async function vectors(): Promise<string[]> {
  const rows = await database.store.read(async (db) => await db.selectFrom("memory_vectors").select("id").execute());
  return rows.map(({ id }) => id);
}
