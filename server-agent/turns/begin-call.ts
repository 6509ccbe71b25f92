import path from "node:path";
import type { AgentName } from "../../contract/agents.ts";
import type { Approval, Destructive } from "../../contract/approvals.ts";
import type { ActionPattern } from "../../contract/permissions.ts";
import type { CallRequest, CallVerdict } from "../../contract/console-api.ts";
import { worktreeOf } from "../../contract/worktrees.ts";
import { actionHash } from "../platform/action-hash.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { toApproval } from "../store/rows.ts";
import { actionText } from "./action-text.ts";
import { type TurnRequest, writeCall } from "./journal.ts";
import { keepFirst, type KeepingLimits, keepingOf } from "./keep-first.ts";
import type { Keeping } from "../snapshots/plan-keeping.ts";
import { openCall } from "./open-call.ts";
import type { OwnTurn } from "./own-turn.ts";
import { askAboutLoop } from "./loop-check.ts";
import { type ChangeParts, openQuestion } from "./questions.ts";
import type { LastCall } from "./repeats.ts";

/** What the policy says of a call. */
export type Judgement =
  | { readonly verdict: "allow"; readonly because?: string; readonly granted?: readonly Destructive[] }
  | { readonly verdict: "deny"; readonly reason: string }
  | {
      readonly verdict: "ask";
      readonly question: string;
      readonly destructive: Destructive | null;
      readonly granted?: readonly Destructive[];
    };

export interface JudgedCall {
  readonly agent: AgentName;
  readonly tool: string;
  readonly input: unknown;
  /** Where the task works, relative to the workspace; in the workspace itself without it. */
  readonly folder?: string | undefined;
}

export interface BeginParts {
  readonly store: Store;
  /** Within the transaction that records the call, so that a grant cannot be revoked in between. */
  readonly judge: (tx: Tx, call: JudgedCall) => Promise<Judgement>;
  /** What a person could allow for some time instead of once. */
  readonly grantable: (call: JudgedCall) => Promise<readonly ActionPattern[]>;
  readonly keeping: KeepingLimits;
  /** Ends a task that goes round in circles, with all it gave away. */
  readonly cancelTask: (taskId: string) => Promise<unknown>;
}

/** Decides whether a call may act. What may is recorded as running before this returns; what may not, as failed. */
export async function beginCall(parts: BeginParts, from: TurnRequest, call: CallRequest): Promise<CallVerdict> {
  const { stopped, verdict } = await parts.store.change(async (tx, emit, audit) => {
    const change = { tx, emit, audit };
    const hash = actionHash({ agent: from.agent, tool: call.tool, input: call.input });
    const { turn, last } = await openCall(tx, from, { ...call, hash });
    const isFirst = last.every((other) => other.callId === call.callId || other.hash !== hash);
    if (hasBegun(last, { callId: call.callId, hash })) return going({ verdict: "run", isFirst });
    const loop = await askAboutLoop(change, turn, { call, hash, action: actionText(call), last });
    if (loop?.state === "open") return going({ verdict: "ask", approvalId: loop.id });
    if (loop) {
      await writeCall(change, turn, { ...call, state: "failed", output: STOPPED, hash });
      return { stopped: turn.taskId, verdict: { verdict: "denied", reason: STOPPED } as const };
    }
    const decided = await decide({ ...parts, ...change }, turn, { call, hash });
    return going(decided.verdict === "run" ? { ...decided, isFirst } : decided);
  }, from.signal);
  if (stopped !== null) await parts.cancelTask(stopped);
  return verdict;
}

const RUN = { verdict: "run", isFirst: false } as const;
const STOPPED = "The task ends here: it went round in circles, and no person let it go on.";

function going(verdict: CallVerdict): { readonly stopped: null; readonly verdict: CallVerdict } {
  return { stopped: null, verdict };
}

async function decide(
  parts: BeginParts & ChangeParts,
  turn: OwnTurn,
  { call, hash }: { readonly call: CallRequest; readonly hash: string },
): Promise<CallVerdict> {
  const { tx, audit } = parts;
  const folder = turn.repository === null ? undefined : worktreeOf(turn.taskId, turn.repository).folder;
  const judged = { agent: turn.agent, tool: call.tool, input: call.input, folder };
  const asked = withHooks(await parts.judge(tx, judged), call.hooksAsk);
  const keeping = keepingOf(call, asked, path.join(parts.keeping.workspace, folder ?? ""));
  const judgement = keeping.state === "impossible" ? notKeepable(keeping.reason) : asked;
  const grantable = judgement.verdict === "ask" && call.hooksAsk === null ? await parts.grantable(judged) : [];
  const place = { agent: turn.agent, taskId: turn.taskId };
  const about = { turn: turn.turnId, call: call.callId, tool: call.tool, input: call.input, hash };
  audit({ kind: "decision", ...place, detail: { ...about, ...judgement } });
  const verdict = await settle(parts, turn, { call, hash, judgement, grantable, keeping, limits: parts.keeping });
  if (verdict.verdict === "ask" || verdict.verdict === "keep") return verdict;
  const isDenied = verdict.verdict === "denied";
  const output = isDenied ? verdict.reason : "";
  const allowedBy = isDenied ? null : allowerOf(judgement);
  await writeCall(parts, turn, { ...call, state: isDenied ? "failed" : "running", output, hash, allowedBy });
  if (!isDenied) audit({ kind: "call_started", ...place, detail: { ...about } });
  return verdict;
}

/** `person`, when one was asked; else the rule or grant, or the level alone. */
function allowerOf(judgement: Judgement): string {
  return judgement.verdict === "allow" ? (judgement.because ?? "level") : "person";
}

interface Begun {
  readonly callId: string;
  readonly hash: string;
}

/** The answer to the first request was lost; the call has the right to run that it was given. */
function hasBegun(last: readonly LastCall[], begun: Begun): boolean {
  const call = last.find(({ callId, hash }) => callId === begun.callId && hash === begun.hash);
  return call?.state === "running";
}

/** A hook can make the policy stricter, never weaker. */
function withHooks(judgement: Judgement, hooksAsk: string | null): Judgement {
  if (hooksAsk === null || judgement.verdict !== "allow") return judgement;
  return { verdict: "ask", question: hooksAsk, destructive: null };
}

interface Judged {
  readonly call: CallRequest;
  readonly hash: string;
  readonly judgement: Judgement;
  readonly grantable: readonly ActionPattern[];
  readonly keeping: Keeping;
  readonly limits: KeepingLimits;
}

/** Nobody is asked about what could not run. */
function notKeepable(reason: string): Judgement {
  return { verdict: "deny", reason: `no snapshot can be taken before it: ${reason}` };
}

async function settle(change: ChangeParts, turn: OwnTurn, judged: Judged): Promise<CallVerdict> {
  const { call, hash, judgement, grantable, keeping, limits } = judged;
  if (judgement.verdict === "deny") return { verdict: "denied", reason: `Not allowed: ${judgement.reason}` };
  const keep = async (approvalId: string | null): Promise<CallVerdict | null> =>
    await keepFirst(change.tx, { turn, call, hash, keeping, approvalId, maxBytes: limits.maxBytes });
  if (judgement.verdict === "allow") return (await keep(null)) ?? RUN;
  const { question, destructive } = judgement;
  const id = derivedId("approval", turn.turnId, call.callId, hash);
  const bound = { tool: call.tool, input: call.input, hash, destructive, grantable };
  const action = actionText(call);
  const approval = await openQuestion(change, turn, { id, action, reason: question, call: bound });
  const first = isUsable(approval) ? await keep(id) : null;
  return first ?? (await applyAnswer(change, approval));
}

function isUsable({ state, usedAt, expiresAt }: Approval): boolean {
  return state === "allowed" && usedAt === null && Date.parse(expiresAt) > Date.now();
}

async function applyAnswer({ tx, emit, audit }: ChangeParts, { id, state }: Approval): Promise<CallVerdict> {
  if (state === "open") return { verdict: "ask", approvalId: id };
  if (state === "denied") return { verdict: "denied", reason: "Denied by a person. Do not try it in another way." };
  if (state === "expired") return { verdict: "denied", reason: "Nobody answered in time. Do not do it." };
  const used = await tx
    .updateTable("approvals")
    .set({ used_at: new Date() })
    .where("id", "=", id)
    .where("state", "=", "allowed")
    .where("used_at", "is", null)
    .where("expires_at", ">", new Date())
    .returningAll()
    .executeTakeFirst();
  if (!used) return { verdict: "denied", reason: "The answer to this question was used already or has expired." };
  emit({ type: "approval_changed", approval: toApproval(used) });
  const detail = { approval: id, hash: used.action_hash };
  audit({ kind: "approval_used", agent: used.agent, taskId: used.task_id, detail });
  return RUN;
}
