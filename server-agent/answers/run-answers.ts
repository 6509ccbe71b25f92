import { randomUUID } from "node:crypto";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import type { AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { toWireError } from "../../contract/errors.ts";
import { connectApi, type ApiConnection } from "../platform/connect-api.ts";
import { EMPTY_DESK, lookAgain, readTyped, type Typed } from "./answer-desk.ts";
import { openPane } from "./answer-pane.ts";

const LOOK_MS = 400;
const CALL_MS = 10_000;

/**
 * The pane below an agent's window in which a person answers what the agent asks. It runs as the daemon's user: the
 * agent's own console, whatever became of it, can neither draw here nor type here. Ends when nothing is asked any more.
 */
export async function runAnswers(agent: AgentName, config: DaemonConfig): Promise<void> {
  let desk = EMPTY_DESK;
  let sending: Promise<void> = Promise.resolve();
  const link: { now: ApiConnection | null } = { now: null };
  const pane = openPane(agent, (line) => {
    const typed = readTyped(desk, line, { nowMs: performance.now(), isWhole: pane.isWhole() });
    sending = sending.then(async () => await act(typed));
  });
  const act = async (typed: Typed): Promise<void> => {
    if (typed.kind === "refused") return pane.note(typed.reason);
    if (!link.now) return pane.note("The daemon is away: nothing was sent.");
    const note = await send(link.now.client, agent, typed).catch((error: unknown) => toWireError(error).message);
    pane.note(note);
  };
  const look = async (): Promise<boolean> => {
    link.now ??= await connectApi(config, `answers in the window of ${agent}`);
    const options = { signal: AbortSignal.timeout(CALL_MS) };
    const open = await link.now.client.approvals.list({ state: "open" }, options);
    const own = open.filter((asked) => asked.agent === agent).toReversed();
    const before = desk.shown;
    desk = lookAgain(desk, own, performance.now());
    if (before && desk.shown?.id !== before.id) pane.forgetLine();
    pane.show(desk);
    return desk.shown !== null;
  };
  for (;;) {
    try {
      if (!(await look())) break;
    } catch {
      link.now?.close();
      link.now = null;
      pane.note("The daemon is away; waiting for it.");
    }
    await pause(LOOK_MS);
  }
  await sending;
  pane.close();
  process.exit(0);
}

/** Says what came of it. */
async function send(
  client: ApiConnection["client"],
  agent: AgentName,
  typed: Exclude<Typed, { kind: "refused" }>,
): Promise<string> {
  const options = { signal: AbortSignal.timeout(CALL_MS) };
  if (typed.kind === "message") {
    if (typed.text === "") return "";
    await client.chat.send({ id: randomUUID(), text: typed.text, agent }, options);
    return `Told ${agent}.`;
  }
  const { asked, allow } = typed;
  await client.approvals.answer({ id: asked.id, hash: asked.hash, allow }, options);
  return allow ? "Allowed." : "Denied.";
}
