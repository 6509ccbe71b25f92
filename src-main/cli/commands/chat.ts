import { randomUUID } from "node:crypto";
import { AgentName } from "../../../contract/agents.ts";
import { WorkMode } from "../../../contract/algorithm.ts";
import { MAIN_CONVERSATION } from "../../../contract/chat.ts";
import { AppError } from "../../../contract/errors.ts";
import type { Server } from "../../../contract/servers.ts";
import { connectDaemon, type DaemonClient } from "../../tunnel/daemon-client.ts";
import { connect } from "../connect.ts";
import { OK, type Context, type Options, type Outcome } from "../context.ts";
import { asAppError, soon } from "../daemon.ts";
import { answerLine, tellQueue } from "../tell-queue.ts";
import { createTurn, type Turn } from "../turn.ts";

type Api = DaemonClient["api"];

/** Sends one message and shows what comes of it, until its task has ended. A lost connection is opened again. */
export async function chat(context: Context, server: Server): Promise<Outcome> {
  const text = context.words.join(" ").trim();
  if (!text) throw new AppError("app.bad_input", 'Say something: ai-infra chat "text"');
  const message = { id: randomUUID(), conversationId: MAIN_CONVERSATION, text, ...readAddress(context.options) };
  await connect(context, server.id);
  const links = context.host.servers;

  let turn: Turn | null = null;
  for (;;) {
    const daemon = await connectDaemon(links, server.id, context.signal);
    try {
      // The same id twice is one message.
      const sent = await daemon.api.chat.send(message, soon(context.signal));
      if (!turn) {
        await tellQueue(context, daemon.api, sent.taskId);
        turn = createTurn({ taskId: sent.taskId, seq: sent.seq, screen: context.screen });
      }
      const outcome = await followTurn(context, daemon.api, turn);
      if (outcome) return outcome;
    } catch (error) {
      if (context.signal.aborted && turn) await cancelTask(daemon.api, turn);
      if (!daemon.isClosed()) throw asAppError(error);
    } finally {
      daemon.close();
    }
  }
}

async function followTurn(context: Context, api: Api, turn: Turn): Promise<Outcome | null> {
  const { screen, signal } = context;
  for await (const event of await api.events.follow({ after: turn.lastSeq() }, { signal })) {
    const question = turn.take(event);
    if (turn.concerns(event)) screen.event(event);
    if (question) await answerApproval(context, api, question);
    const task = turn.ended();
    if (!task) continue;
    if (task.error) throw AppError.fromWire(task.error);
    if (task.state !== "done") throw new AppError("task.cancelled", "The task was cancelled");
    const result = { ok: true, text: turn.text(), agents: turn.agents(), taskId: task.id, simulated: task.simulated };
    return { result, exitCode: OK };
  }
  return null;
}

interface Question {
  readonly id: string;
  readonly action: string;
  readonly reason: string;
  readonly hash: string | null;
}

async function answerApproval({ screen, options, signal }: Context, api: Api, question: Question): Promise<void> {
  screen.note(`An agent asks to: ${question.action}\n  because: ${question.reason}`);
  if (!screen.isInteractive || options.json) {
    return screen.note(answerLine(question.id));
  }
  const allow = /^y(es)?$/i.test(await screen.ask("Allow it? [yes/no] "));
  await api.approvals.answer({ id: question.id, allow, hash: question.hash }, soon(signal));
}

async function cancelTask(api: Api, turn: Turn): Promise<void> {
  await api.tasks.cancel({ id: turn.taskId }, { signal: AbortSignal.timeout(10_000) });
  throw new AppError("task.cancelled", "The task was cancelled");
}

function readAddress({ agent, mode }: Pick<Options, "agent" | "mode">): { agent?: AgentName; mode?: WorkMode } {
  return {
    ...(agent !== undefined && { agent: readOne(AgentName, agent, "No agent is called") }),
    ...(mode !== undefined && { mode: readOne(WorkMode, mode, "There is no mode") }),
  };
}

interface Names<T> {
  readonly options: readonly string[];
  safeParse(name: string): { readonly success: boolean; readonly data?: T };
}

function readOne<T>(names: Names<T>, name: string, refusal: string): T {
  const { data } = names.safeParse(name);
  if (data !== undefined) return data;
  throw new AppError("app.bad_input", `${refusal} ${name}`, { hint: names.options.join(", ") });
}
