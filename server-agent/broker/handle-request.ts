import type { BrokerCall, BrokerReply } from "../../contract/broker.ts";
import { describeCall } from "../../contract/broker-rules.ts";
import { AppError, toWireError } from "../../contract/errors.ts";
import type { RootSnapshot } from "../../contract/root-snapshots.ts";
import { bindVerb, type BoundVerb } from "./bind-verb.ts";
import type { Caller, Peer } from "./caller.ts";
import type { Tickets } from "./desk.ts";
import type { Workbench } from "./family.ts";
import { type Action, readAction } from "./read-action.ts";
import type { Trail } from "./trail.ts";

export interface HandleParts {
  readonly peer: Peer;
  readonly caller: Caller;
  readonly tickets: Tickets;
  readonly trail: Trail;
  readonly bench: Workbench;
  readonly reply: (reply: BrokerReply) => void;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

/** Answers one request. Whatever happens, the last reply is a result, and the trail has a record of it. */
export async function handleRequest(line: string, parts: HandleParts): Promise<void> {
  let admitted: Admitted;
  try {
    admitted = await admit(line, parts);
  } catch (error) {
    const wire = toWireError(error);
    const agent = parts.caller.kind === "agent" ? parts.caller.agent : null;
    const detail = { state: "refused", request: line.slice(0, SHOWN_CHARACTERS), peer: parts.peer, error: wire };
    await parts.trail({ kind: "root_action", agent, taskId: null, detail });
    parts.reply({ type: "failed", error: wire, snapshot: null });
    return;
  }
  await carryOut(admitted, parts);
}

const SHOWN_CHARACTERS = 2_000;

interface Admitted {
  readonly action: Action;
  readonly verb: BoundVerb;
  /** For which the permission was given; null for reading and for a person. */
  readonly taskId: string | null;
}

/** Throws for what this caller may not do, or not yet. What is refused whoever asks costs no permission. */
async function admit(line: string, { caller, bench, tickets, reply }: HandleParts): Promise<Admitted> {
  const action = readAction(line, caller);
  const verb = bindVerb(bench, action.call);
  await verb.check();
  reply({ type: "accepted" });
  return { action, verb, taskId: await takeTicket(action, tickets) };
}

async function takeTicket({ agent, verb, rule, hash }: Action, tickets: Tickets): Promise<string | null> {
  if (rule.needs === "nothing" || agent === null) return null;
  const answer = await tickets.consume({ agent, hash, needs: rule.needs });
  if (answer.answer === "ok") return answer.taskId;
  throw new AppError("broker.not_allowed_yet", `${verb} was not allowed: ${answer.reason}`, {
    hint:
      rule.needs === "person" ? "A person must allow exactly this first." : "The daemon must let this call run first.",
  });
}

async function carryOut(admitted: Admitted, parts: HandleParts): Promise<void> {
  const { verb } = admitted;
  let snapshot: RootSnapshot | null = null;
  try {
    if (admitted.action.rule.needs !== "nothing") await note(admitted, parts, { state: "started" });
    snapshot = await keepBefore(admitted, parts);
    parts.signal.throwIfAborted();
    const text = await verb.act(snapshot);
    await note(admitted, parts, { state: "done", text, snapshot: snapshot?.id ?? null });
    parts.reply({ type: "done", text, snapshot: snapshot?.id ?? null });
  } catch (error) {
    const wire = parts.signal.aborted ? new AppError("app.cancelled", "It was stopped").toWire() : toWireError(error);
    await note(admitted, parts, { state: "failed", error: wire, snapshot: snapshot?.id ?? null });
    parts.reply({ type: "failed", error: wire, snapshot: snapshot?.id ?? null });
  }
}

/** Without a copy nothing is destroyed. */
async function keepBefore(
  { action, verb, taskId }: Admitted,
  { bench, trail }: HandleParts,
): Promise<RootSnapshot | null> {
  if (action.rule.keeps === null) return null;
  bench.onProgress("Keeping what is there");
  const about = { agent: action.agent, action: describeCall(action.call) };
  const fill = async (folder: string) => await verb.keep(folder);
  const of = ownerOf(action.call);
  if (of !== null) return await bench.ownedCopies.take({ ...about, of }, fill);
  const snapshot = await bench.snapshots.take(about, fill);
  if (snapshot === null) return null;
  const detail = { snapshot: snapshot.id, before: about.action };
  await trail({ kind: "snapshot_taken", agent: action.agent, taskId, detail });
  return snapshot;
}

/** The daemon's snapshot that a copy is made for: it stands in the list already. */
function ownerOf(call: BrokerCall): string | null {
  return call.tool === "owned_copies" && call.input.request.action === "keep" ? call.input.request.of : null;
}

async function note(
  { action, taskId }: Admitted,
  { peer, trail }: HandleParts,
  state: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { agent, verb, rule, hash, call } = action;
  const kind = verb === "snapshots.restore" ? "snapshot_restored" : "root_action";
  // Once is enough for what may be a whole site.
  const input = state["state"] === "started" || rule.needs === "nothing" ? { input: call.input } : {};
  await trail({ kind, agent, taskId, detail: { ...state, verb, hash, ...input, peer } });
}
