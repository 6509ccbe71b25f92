import type { AuditVerdict } from "../../contract/audit-check.ts";
import type { AuditContent, AuditRecord } from "../../contract/audit.ts";
import { auditContent, chain } from "./audit-trail.ts";
import { ago, sshServer, WORKING } from "./fake-host-scenes.ts";
import type { Scene } from "./fake-host-world.ts";

const MINUTE = 60_000;
const LENGTH = 600;

const input = { command: "npm test -- health" };
const call = { turn: "t2.1", call: "toolu_01", tool: "run_command", input, hash: "4f".repeat(32) };
const digest = { outputBytes: 4211, outputSha256: "9c".repeat(32) };

/** What happens over and over on a server, oldest first. */
const STORY: readonly (Pick<AuditContent, "kind" | "agent" | "taskId"> & { readonly detail: object })[] = [
  {
    kind: "login",
    agent: null,
    taskId: null,
    detail: { state: "opened", connection: "c1", app: "ai-infrastructure/0.1.0 (anna@laptop)" },
  },
  {
    kind: "prompt",
    agent: "supervisor",
    taskId: "t1",
    detail: { message: "m1", from: "person", text: "Put the status page on status.example.com with HTTPS." },
  },
  { kind: "decision", agent: "code", taskId: "t2", detail: { ...call, verdict: "allow" } },
  { kind: "call_started", agent: "code", taskId: "t2", detail: call },
  {
    kind: "call_ended",
    agent: "code",
    taskId: "t2",
    detail: { call: "toolu_01", tool: "run_command", state: "failed", ...digest },
  },
  {
    kind: "decision",
    agent: "research",
    taskId: "t3",
    detail: {
      ...call,
      tool: "fetch_url",
      input: { url: "http://169.254.169.254/" },
      verdict: "deny",
      reason: "outside the allowlist",
    },
  },
  {
    kind: "approval_asked",
    agent: "infra",
    taskId: "t3",
    detail: {
      approval: "a1",
      action: "systemctl restart nginx",
      reason: "Restarting a service needs a person",
      tool: "run_command",
    },
  },
  {
    kind: "approval_answered",
    agent: "infra",
    taskId: "t3",
    detail: { approval: "a1", answer: "allowed", hash: call.hash },
  },
  { kind: "secret_read", agent: null, taskId: null, detail: { name: "anthropic-key", by: "daemon", when: "start" } },
  { kind: "task_ended", agent: "code", taskId: "t2", detail: { state: "done" } },
];

function record(seq: number, at: string): AuditContent {
  const { detail, ...part } = STORY[(seq - 1) % STORY.length] ?? { detail: {} };
  return auditContent(seq, { ...part, at, detail: JSON.stringify(detail) });
}

export const TRAIL: readonly AuditRecord[] = chain(
  Array.from({ length: LENGTH }, (_, index) => record(index + 1, ago((LENGTH - index) * 3 * MINUTE))),
);

/** What the team does next, after a trail. */
export function nextRecords(trail: readonly AuditRecord[], count: number): AuditRecord[] {
  const last = trail.at(-1);
  const contents = Array.from({ length: count }, (_, index) => record((last?.seq ?? 0) + index + 1, ago(0)));
  return chain(contents, last?.hash);
}

export const RECORDED: Scene = { ...WORKING, audit: TRAIL };

const CHECKED = { records: LENGTH, heads: 34, since: ago(40 * 60 * MINUTE), restartedAt: null, unreadable: 0 };
const KNOWN = { seq: 480, hash: "7a".repeat(32), at: ago(26 * 60 * MINUTE) };

export const INTACT: AuditVerdict = { ...CHECKED, state: "intact" };
export const FIRST_CONTACT: AuditVerdict = { ...CHECKED, state: "intact", heads: 0, since: null };
export const BROKEN: AuditVerdict = {
  ...CHECKED,
  state: "broken",
  faults: [
    { kind: "changed", seq: 123, expected: "1b".repeat(32), found: "2c".repeat(32), seenAt: KNOWN.at },
    { kind: "rewritten", seq: 480, known: KNOWN, found: "3d".repeat(32) },
    { kind: "missing", seq: 500, to: 503, seenAt: null },
    { kind: "head_differs", seq: 600, headSeq: 601 },
  ],
  moreFaults: 2,
  sure: { seq: 96, hash: "5e".repeat(32), at: ago(39 * 60 * MINUTE) },
};

/** A server whose trail is not what this computer saw. */
export const ALARMED: Scene = {
  ...RECORDED,
  servers: [
    {
      ...sshServer(),
      auditAlarm: { at: ago(5 * MINUTE), fault: { kind: "rewritten", seq: 480, known: KNOWN, found: "3d".repeat(32) } },
    },
  ],
};
