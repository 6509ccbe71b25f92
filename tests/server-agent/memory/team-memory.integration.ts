import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { layMemoryModel } from "../../support/memory-model.ts";
import { type QdrantServer, startQdrantServer } from "../../support/qdrant-server.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

const SECRET = "canary-search-key-4711";
let credentials: string;
const QDRANT_KEY = "canary-qdrant-key-0815";
let team: TestTeam;
let qdrant: QdrantServer;
let model: Awaited<ReturnType<typeof layMemoryModel>>;

beforeAll(async () => {
  credentials = mkdtempSync(path.join(tmpdir(), "credentials-"));
  writeFileSync(path.join(credentials, "search-key"), `${SECRET}\n`);
  writeFileSync(path.join(credentials, "qdrant-key"), `${QDRANT_KEY}\n`);
  process.env["CREDENTIALS_DIRECTORY"] = credentials;
  [model, qdrant] = await Promise.all([layMemoryModel(), startQdrantServer({ key: QDRANT_KEY })]);
  team = await createTeam({ memoryModel: model.folder, qdrant: { url: qdrant.url } });
});
afterAll(async () => {
  delete process.env["CREDENTIALS_DIRECTORY"];
  await team?.remove();
  model?.remove();
  await qdrant?.close();
  rmSync(credentials, { recursive: true, force: true });
});

const ask = async (text: string) => await team.whenEnded(await team.send(text));
const readMemory = async () => (await (await team.app()).status.get()).memory;

function remember(file: string, text: string): void {
  const place = path.join(team.workspace, "MEMORY", file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
}

it("an agent finds what the team learned in other words than it asks with", async () => {
  remember("Learning/PLAN/refunds.md", "Refunds are paid within a week after the goods came back.\n");
  remember("Learning/PLAN/forest.md", "The fox sleeps under the old oak.\n");
  await ask("search the memory for refunds");
  await until("the memory has its vectors", async () => (await readMemory())?.withVector === 2);
  const task = await ask("search the memory for how customers get their money back");
  expect(task.result).toContain("MEMORY/Learning/PLAN/refunds.md\nRefunds are paid");
  expect(task.result).not.toContain("The fox");
  expect(task.result).toContain("Found by words and meaning.");
  const asked = qdrant.requests.filter(({ path: place }) => place.endsWith("/points/query"));
  expect(asked).toHaveLength(1);
  expect(team.daemon.output()).not.toContain(QDRANT_KEY);
});

it("what was learned is found again after the daemon and its database were killed", async () => {
  await team.daemon.kill("SIGKILL");
  await team.daemon.postgres.kill("SIGKILL");
  await team.daemon.postgres.start();
  await team.daemon.start();
  await until("the memory is ready", async () => (await readMemory())?.index === "qdrant");
  expect(await readMemory()).toEqual({
    files: 2,
    pieces: 2,
    withVector: 2,
    hasModel: true,
    index: "qdrant",
    problem: null,
  });
  expect((await ask("search the memory for getting money back")).result).toContain("refunds.md");
});

it("a secret of the server that somebody wrote down is not found with its value", async () => {
  remember("Learning/PLAN/keys.md", `The key of the web search is ${SECRET}, said somebody.\n`);
  const { result } = await ask("search the memory for the key of the search");
  expect(result).toContain("keys.md");
  expect(result).not.toContain(SECRET);
});
