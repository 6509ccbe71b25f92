import { createHash } from "node:crypto";
import { Client } from "pg";
import { AUDIT_START, type AuditContent, type AuditRecord, auditText } from "../../contract/audit.ts";
import { canonicalJson } from "../../contract/canonical-json.ts";
import { createTrailCheck } from "../../src-main/audit/check-trail.ts";
import { NO_NOTES } from "../../src-main/audit/head-notes.ts";
import { verifyTrail } from "../../src-main/audit/verify-trail.ts";
import { auditContent, chain } from "../support/audit-trail.ts";
import { connectApp, createDaemon, type TestDaemon } from "../support/daemon-process.ts";
import type { TestPostgres } from "../support/postgres.ts";
import type { Bench } from "./figure.ts";

const RECORDS = 100_000;
const PIECE = 1000;
const BUDGET_PER_SECOND = 10_000;

/** How fast a trail of records such as a team writes is verified. */
export const audit: Bench = {
  name: "audit",
  unavailable: () => null,
  run: async () => {
    const trail = chain(Array.from({ length: RECORDS }, (_, index) => likeReal(index + 1)));
    const bare = perSecond(hashAll(textsOf(trail)));
    const checked = perSecond(checkAll(trail));
    const daemon = await createDaemon();
    try {
      await fill(daemon.postgres, trail);
      const whole = await throughDaemon(daemon);
      return [
        {
          name: "audit records verified, already read",
          value: checked,
          unit: "/s",
          baseline: { name: "bare SHA-256 of the same texts", value: bare },
          bar: { atLeast: 0.4 },
        },
        {
          name: "the same, from PostgreSQL through the daemon",
          value: whole,
          unit: "/s",
          baseline: { name: "budget", value: BUDGET_PER_SECOND },
          bar: { atLeast: 1 },
        },
      ] as const;
    } finally {
      await daemon.remove();
    }
  },
};

/** A decision about a command, about 400 characters. */
function likeReal(seq: number): AuditContent {
  const call = { turn: `task_${seq}.1`, call: `toolu_${seq}`, tool: "run_command", hash: "4f".repeat(32) };
  const input = { command: `npm test -- --grep "case ${seq}"`, timeout: 120 };
  const detail = canonicalJson({ ...call, input, verdict: "allow", because: "Programs of this level may run" });
  return auditContent(seq, { kind: "decision", detail });
}

function textsOf(trail: readonly AuditRecord[]): string[] {
  return trail.map((record, index) => auditText(trail[index - 1]?.hash ?? AUDIT_START.hash, record));
}

function hashAll(texts: readonly string[]): number {
  const started = performance.now();
  for (const text of texts) createHash("sha256").update(text).digest("hex");
  return performance.now() - started;
}

function checkAll(trail: readonly AuditRecord[]): number {
  const check = createTrailCheck(NO_NOTES, trail.at(-1) ?? AUDIT_START);
  const started = performance.now();
  for (let from = 0; from < trail.length; from += PIECE) check.add(trail.slice(from, from + PIECE));
  if (check.end().state !== "intact") throw new Error("The trail is not whole");
  return performance.now() - started;
}

function perSecond(ms: number): number {
  return (RECORDS * 1000) / ms;
}

async function fill({ config }: TestPostgres, trail: readonly AuditRecord[]): Promise<void> {
  const { socketDir, ...where } = config;
  const client = new Client({ host: socketDir, ...where });
  await client.connect();
  for (let from = 0; from < trail.length; from += PIECE) {
    const rows = JSON.stringify(
      trail.slice(from, from + PIECE).map(({ taskId, ...row }) => ({ ...row, task_id: taskId })),
    );
    await client.query("insert into audit select * from json_populate_recordset(null::audit, $1)", [rows]);
  }
  const last = trail.at(-1) ?? AUDIT_START;
  await client.query("update audit_head set seq = $1, hash = $2", [last.seq, last.hash]);
  await client.end();
}

async function throughDaemon(daemon: TestDaemon): Promise<number> {
  const app = await connectApp(daemon);
  const started = performance.now();
  const checking = verifyTrail(app.client, NO_NOTES, AbortSignal.timeout(300_000));
  for (;;) {
    const step = await checking.next();
    if (step.done !== true) continue;
    const { verdict } = step.value;
    if (verdict.state !== "intact") throw new Error(`The trail is not whole: ${JSON.stringify(verdict.faults)}`);
    app.close();
    return (verdict.records * 1000) / (performance.now() - started);
  }
}
