import { expect, test } from "vitest";
import { parseLines } from "../../provisioning/fact-lines.ts";
import type { Facts } from "../../provisioning/facts.ts";
import { postgresDropIn } from "../../provisioning/files/units.ts";
import { sha256 } from "../../provisioning/files/plan-files.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { toPostgres } from "../../provisioning/postgres-facts.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

/** As a server says it that the team uses alone. */
const SOUND = `pg.running\tyes
pg.role\tyes
pg.database\tyes
pg.workspace\tyes
pg.setting\tfsync on
pg.setting\tfull_page_writes on
pg.setting\tlisten_addresses localhost
pg.setting\tpassword_encryption scram-sha-256
pg.durable\tyes
`;
const paths = { [postgresDropIn.path]: { owner: "root:root", mode: "644", sha256: sha256(postgresDropIn.text) } };
const factsOf = (text: string): Facts => ({ ...freshDebian, paths, postgres: toPostgres(parseLines(text)) });

function stepOf(text: string) {
  const { steps } = makePlan("s", factsOf(text), wanted);
  const { changes: lines, note } = steps.find(({ id }) => id === "postgres") ?? {};
  return { lines, note };
}

test("a server that answers this machine only and loses nothing is left as it is", () => {
  expect(stepOf(SOUND)).toEqual({ lines: [], note: undefined });
  const addresses = SOUND.replace("localhost", "127.0.0.1, ::1");
  expect(stepOf(addresses)).toEqual({ lines: [], note: undefined });
});

const LOOSE = SOUND.replace("localhost", "*").replace("fsync on", "fsync off").replace("pg.durable\tyes\n", "");

test("what somebody has loosened is named, and set right while the team has the server for itself", () => {
  expect(stepOf(LOOSE).lines).toEqual([
    "synchronous_commit = on in ai_infrastructure",
    "listen_addresses = localhost",
    "fsync = on",
  ]);
});

test("a server that holds databases of others keeps its settings; the team's database is durable nevertheless", () => {
  expect(stepOf(`${LOOSE}pg.other\tshop\n`)).toEqual({
    lines: ["synchronous_commit = on in ai_infrastructure"],
    note: "It holds databases of others (shop), which stay as they are, and its settings stay: listen_addresses = *, fsync = off.",
  });
});

test("a server that believes whoever asks is refused", () => {
  const { blockers } = makePlan("s", factsOf(`${SOUND}pg.trusts\tyes\n`), wanted);
  expect(blockers.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "provision.service_in_use: PostgreSQL on this server lets everybody in as whom they say they are",
  ]);
});

test("a server on another port is refused by name, before anything is changed", () => {
  const { blockers } = makePlan("s", factsOf(`${SOUND}pg.port\t5433\n`), wanted);
  expect(blockers.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "provision.service_in_use: PostgreSQL on this server listens on port 5433, the team reaches it on 5432",
  ]);
  expect(makePlan("s", factsOf(`${SOUND}pg.port\t5432\n`), wanted).blockers).toEqual([]);
});
