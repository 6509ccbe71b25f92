import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { AgentSettings } from "./agent-settings.ts";
import { AgentName, Level, SPECIALISTS } from "./agents.ts";
import { WantedOutput, WorkMode } from "./algorithm.ts";
import { api } from "./api-base.ts";
import { Message } from "./chat.ts";
import { WireError } from "./errors.ts";
import { TurnPulse } from "./health.ts";
import { KeepOrder, Received, RestoreOrder } from "./keeping.ts";
import { Rest } from "./tasks.ts";
import { RepositoryPath, Worktree } from "./worktrees.ts";

/**
 * Between an agent's console (its own process and Unix user) and the daemon, over that agent's own Unix socket. The
 * socket's folder belongs to the agent's group, so the path says who is speaking. The same socket serves
 * `POST /v1/messages`, the model gateway.
 */

/** The header in which a request to the gateway names its turn. */
export const TURN_HEADER = "x-ai-infra-turn";

/** Who a console is for one turn. It never reads definitions itself. */
export const AgentProfile = AgentSettings.omit({ concurrency: true, budgetUsdPerDay: true }).extend({
  /** Whether the daemon searches the web, by a provider that is set. */
  hasSearchProvider: z.boolean().optional(),
  /** The whole system prompt. */
  prompt: z.string(),
});
export type AgentProfile = z.infer<typeof AgentProfile>;

/** One piece of work for a console: answer `request`, given the conversation so far. */
export const Turn = z.object({
  id: z.string(),
  taskId: z.string(),
  conversationId: z.string(),
  request: z.string(),
  /** `person`: typed in chat; `window`: typed in the agent's own window; `agent`: delegated. */
  from: z.enum(["person", "window", "agent"]),
  mode: WorkMode,
  /** The turn has to end with this; null for one that ends with words. */
  output: WantedOutput.nullable(),
  /** Where it works; null for the workspace itself. */
  worktree: Worktree.nullable(),
  /** Earlier exchanges of this agent in this conversation, oldest first, as Messages API messages. */
  history: z.array(z.object({ role: z.enum(["user", "assistant"]), content: z.unknown() })),
  /** As it is when the turn is handed over. */
  profile: AgentProfile,
});
export type Turn = z.infer<typeof Turn>;

/** How a message begins that hooks, not a person or an agent, added to a turn. */
export const HOOKS_SAY = "What hooks of this team say:";

/** How another program that drives an agent is told to go on where the conversation stands. */
export const GO_ON = "Go on where the conversation above stands.";

/** What that program calls our tools: this, and the tool's own name. */
export const TEAM_TOOL_PREFIX = "mcp__team__";

/** What the journal of a turn holds: the Messages API messages added by the turn, in order. */
export const JournalEntry = z.object({
  index: z.number().int().min(0),
  /**
   * `assistant` is written before its tools run; `tool_results` after all of them ended; `steer`: a person's word in
   * between; `hooks`: what hooks added; `checkpoint`: the summary that stands for all before it, except for the entries
   * it keeps; `reminder`: the turn's output is missing.
   */
  kind: z.enum(["assistant", "tool_results", "steer", "hooks", "checkpoint", "reminder"]),
  /** Of the steering message that this entry takes in. */
  messageId: z.string().optional(),
  /** Of an `assistant` entry: how many tokens the conversation was, this answer included. */
  tokens: z.number().int().optional(),
  /** Of a `checkpoint`: the first of the entries before it that are still sent as they are. */
  keptFrom: z.number().int().optional(),
  /** A Messages API message param. */
  message: z.unknown(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** A tool call's own record: `running` before the tool acts, its end with the result after it. */
export const CallRecord = z.object({
  callId: z.string(),
  tool: z.string(),
  summary: z.string(),
  state: z.enum(["running", "done", "failed", "unknown"]),
  /** What the model is given, whole. */
  output: z.string(),
});
export type CallRecord = z.infer<typeof CallRecord>;

/** A tool call that wants to act. The daemon decides, whatever the console or its model thinks of it. */
export const CallRequest = CallRecord.pick({ callId: true, tool: true, summary: true }).extend({
  /** As the tool's schema gave it. */
  input: z.unknown(),
  /** A hook wants a person to be asked, whatever the policy says. */
  hooksAsk: z.string().nullable().default(null),
  /** The model's answer that wants this call, while it is not in the journal: it gets there in the same step. */
  answer: JournalEntry.optional(),
});
export type CallRequest = z.infer<typeof CallRequest>;

export const CallVerdict = z.discriminatedUnion("verdict", [
  /** It has been recorded as running. */
  z.object({
    verdict: z.literal("run"),
    /** The turn has not done the same before, so nothing will be said about doing it again. */
    isFirst: z.boolean().default(false),
  }),
  /** It has been recorded as failed with this reason. */
  z.object({ verdict: z.literal("denied"), reason: z.string() }),
  /** A person is asked: wait for the answer with `approval`, then begin again. */
  z.object({ verdict: z.literal("ask"), approvalId: z.string() }),
  /** It may run once what it would destroy has been kept: take the snapshot, say so, then begin again. */
  z.object({ verdict: z.literal("keep"), keep: KeepOrder }),
]);
export type CallVerdict = z.infer<typeof CallVerdict>;

/** By these a console finds the server's secrets in what its tools print, without knowing them. */
export const SecretMarks = z.object({
  salt: z.string(),
  /** `sum` is quick to compute for each place of a text, `hash` is sure. */
  marks: z.array(z.object({ length: z.number().int(), sum: z.number().int(), hash: z.string() })),
});
export type SecretMarks = z.infer<typeof SecretMarks>;

export const ConsoleOrder = z.discriminatedUnion("type", [
  /** Sent again after a reconnect; a console that already runs this turn id goes on with it. */
  z.object({ type: z.literal("turn"), turn: Turn }),
  z.object({ type: z.literal("interrupt"), turnId: z.string() }),
  /** Stop where nothing is lost: the running command ends, what can be joined or asked again is left. */
  z.object({ type: z.literal("pause"), turnId: z.string() }),
  /** A person tells the agent something while it works. Sent until the journal holds it. */
  z.object({ type: z.literal("steer"), turnId: z.string(), messageId: z.string(), text: z.string() }),
  /** After each connection: who the console is until a turn says otherwise. */
  z.object({ type: z.literal("standing"), level: Level, model: z.string() }),
  /** Put a snapshot back, and tell what became of it. Sent again until that was told. */
  z.object({ type: z.literal("restore"), restore: RestoreOrder }),
  /** After each connection, before any turn. */
  z.object({ type: z.literal("secrets"), secrets: SecretMarks }),
  /** For people at the window only, such as "The daemon was restarted". */
  z.object({ type: z.literal("notice"), text: z.string() }),
]);
export type ConsoleOrder = z.infer<typeof ConsoleOrder>;

/** What is said and what is thought are counted apart. */
const MessagePart = z.object({
  kind: z.enum(["said", "thought"]).default("said"),
  messageIndex: z.number().int(),
  text: z.string(),
});

export const ConsoleEvent = z.discriminatedUnion("type", [
  /** As `delta` of DaemonEvent: replaces everything of message `index` from `offset` on. */
  z.object({ type: z.literal("text"), ...MessagePart.shape, offset: z.number().int() }),
  z.object({ type: z.literal("activity"), text: z.string() }),
]);
export type ConsoleEvent = z.infer<typeof ConsoleEvent>;

const turnId = z.string();
const ApprovalAnswer = z.enum(["allowed", "denied", "expired"]);

export const ConsoleApi = {
  /** Work for this console, from now on; unfinished turns first. Opening a second one closes the first. */
  orders: api.input(z.object({ agent: AgentName, pid: z.number().int() })).output(eventIterator(ConsoleOrder)),
  journal: {
    read: api
      .input(z.object({ turnId }))
      .output(z.object({ entries: z.array(JournalEntry), calls: z.array(CallRecord) })),
    /** Durable when it returns. The same index twice is one entry. */
    append: api.input(z.object({ turnId, entry: JournalEntry })).output(z.void()),
    /** Decides on a call and records that it runs, in one step. The same call twice is one decision. */
    begin: api.input(z.object({ turnId, call: CallRequest })).output(CallVerdict),
    /** The end of a call. Durable when it returns; gives the output as it is kept, which may hold a word of warning. */
    record: api.input(z.object({ turnId, call: CallRecord })).output(z.object({ output: z.string() })),
  },
  snapshots: {
    /** The copy has arrived whole and holds these targets; none: there was nothing to keep. */
    taken: api
      .input(z.object({ snapshotId: z.string(), targets: z.array(z.string()), received: Received.nullable() }))
      .output(z.void()),
    /** It cannot be taken, so the call it was for has failed. */
    failed: api.input(z.object({ snapshotId: z.string(), error: WireError })).output(z.void()),
    /** The end of a restore; `error` when everything is as it was before. */
    restored: api.input(z.object({ snapshotId: z.string(), error: WireError.nullable() })).output(z.void()),
  },
  /** Every two seconds, as long as the console lives. */
  beat: api.input(z.object({ turns: z.array(TurnPulse) })).output(z.void()),
  /** Live only, never waited for by the work. */
  emit: api.input(z.object({ turnId, events: z.array(ConsoleEvent) })).output(z.void()),
  /** A finished piece of text: becomes a chat message. Durable when it returns; the same index twice is one message. */
  say: api.input(MessagePart.extend({ turnId, simulated: z.boolean(), ms: Message.shape.ms })).output(z.void()),
  /** Ends the turn. Durable when it returns. */
  finish: api
    .input(
      z.object({
        turnId,
        outcome: z.discriminatedUnion("state", [
          z.object({
            state: z.literal("done"),
            text: z.string(),
            simulated: z.boolean(),
            /** What the turn had to end with. */
            output: z.unknown().optional(),
          }),
          z.object({ state: z.literal("failed"), error: WireError }),
          z.object({ state: z.literal("interrupted") }),
          /** The console has stopped; the task goes on later, or with another agent. */
          z.object({ state: z.literal("left") }),
          /** So has it here, for a budget or a limit of the provider: the task goes on by itself when that is over. */
          z.object({ state: z.literal("resting"), rest: Rest }),
        ]),
      }),
    )
    .output(z.void()),
  /** A line a person typed in the agent's window. `id` made by the console, so that sending again is one task. */
  submit: api.input(z.object({ id: z.string(), text: z.string().min(1) })).output(z.object({ taskId: z.string() })),
  /** Gives a task to a specialist and waits for its end. The same call id joins the task already given. */
  delegate: api
    .input(
      z.object({
        turnId,
        callId: z.string(),
        agent: z.enum(SPECIALISTS),
        request: z.string().min(1),
        repository: RepositoryPath.optional(),
      }),
    )
    .output(z.object({ state: z.enum(["done", "failed", "cancelled"]), text: z.string() })),
  /** Asks another agent and waits for its answer; any agent may ask any other. The same call id joins. */
  askPeer: api
    .input(z.object({ turnId, callId: z.string(), agent: AgentName, question: z.string().min(1) }))
    .output(z.object({ state: z.enum(["done", "failed", "cancelled"]), text: z.string() })),
  /** Gives the whole task to another agent, which then owns it; this turn has ended when it returns. */
  handOff: api
    .input(z.object({ turnId, callId: z.string(), agent: AgentName, action: z.string().min(1), context: z.string() }))
    .output(z.void()),
  /** Tells every other agent; each reads it when it works next. */
  broadcast: api
    .input(z.object({ turnId, callId: z.string(), action: z.string().min(1), context: z.string() }))
    .output(z.void()),
  /** Works on a request with the Algorithm and waits for the end. The same call id joins the run already begun. */
  runAlgorithm: api
    .input(z.object({ turnId, callId: z.string(), request: z.string().min(1), why: z.string() }))
    .output(z.object({ state: z.enum(["done", "failed", "cancelled"]), text: z.string() })),
  /** Searches the web with the provider that is set, for a call of `web_search` that runs. */
  searchWeb: api
    .input(z.object({ turnId, callId: z.string(), query: z.string().min(1).max(1000) }))
    .output(z.object({ text: z.string() })),
  /** Searches the team's memory; only reads. */
  searchMemory: api
    .input(z.object({ turnId, query: z.string().min(1).max(500), limit: z.number().int().min(1).max(20) }))
    .output(z.object({ text: z.string() })),
  /** Asks a person and waits for the answer. The same call id joins the question already asked. */
  ask: api
    .input(z.object({ turnId, callId: z.string(), action: z.string().min(1), reason: z.string() }))
    .output(z.object({ answer: ApprovalAnswer })),
  /** Waits until a person has answered the question that `begin` asked. */
  approval: api.input(z.object({ turnId, approvalId: z.string() })).output(z.object({ answer: ApprovalAnswer })),
};
