import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CallRecord, CallRequest, JournalEntry, Turn } from "../../contract/console-api.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { defineTeam, toProfile } from "../../server-agent/agent-settings/definitions.ts";
import { NO_OVERRIDES } from "../../server-agent/agent-settings/last-good.ts";
import type { ConsoleClient, DaemonLink } from "../../server-agent/console/daemon-link.ts";
import type { TurnOutcome } from "../../server-agent/console/outcomes.ts";
import { runTurn } from "../../server-agent/console/run-turn.ts";
import { createPulse } from "../../server-agent/console/turn-pulse.ts";
import type { TurnControl } from "../../server-agent/console/turn-runner.ts";
import type { TurnView } from "../../server-agent/console/turn-view.ts";
import { createSessions } from "../../server-agent/hooks/sessions.ts";
import { createKnownSecrets } from "../../server-agent/console/known-secrets.ts";
import { createGateway } from "../../server-agent/gateway/create-gateway.ts";
import { type RecordingLedger, recordingLedger } from "../server-agent/gateway/gateway-server.ts";
import { type MessagesApi, type RecordedRequest, type Reply, startMessagesApi } from "./messages-api.ts";

/** One turn of the code agent in this process: the real loop, tools and gateway, a scripted model, a journal in memory. */
export interface TurnBench {
  readonly api: MessagesApi;
  readonly ledger: RecordingLedger;
  readonly workspace: string;
  readonly entries: readonly JournalEntry[];
  readonly calls: ReadonlyMap<string, CallRecord>;
  readonly said: readonly Parameters<ConsoleClient["say"]>[0][];
  /** What people saw, one line each. */
  readonly shown: readonly string[];
  /** Works on the turn until it has an outcome; again, it goes on where the journal ends, as a new process would. */
  run(settings?: RunSettings): Promise<TurnOutcome>;
  close(): void;
}

export interface RunSettings {
  readonly history?: Turn["history"];
  readonly request?: string;
  readonly output?: Turn["output"];
  /** Where it differs from the shipped code agent's. */
  readonly profile?: Partial<Turn["profile"]>;
  readonly model?: DaemonConfig["model"];
  /** Where Claude Code is installed, for a profile with that driver. */
  readonly claudeCodeDir?: string;
  /** What reaches the turn while it runs. */
  readonly control?: Partial<TurnControl>;
  /** Called before each entry is stored; what it throws is the end of the process. */
  readonly beforeAppend?: (entry: JournalEntry) => void;
}

type Script = (request: RecordedRequest, number: number) => Reply | Promise<Reply>;

export async function createTurnBench(script: Script, { stallMs = 5_000 } = {}): Promise<TurnBench> {
  const folder = mkdtempSync(path.join(tmpdir(), "turn-"));
  const socketPath = path.join(folder, "gateway.sock");
  const api = await startMessagesApi(script);
  const ledger = recordingLedger();
  const gateway = createGateway({
    config: { model: "anthropic", anthropicUrl: api.url },
    anthropicKey: "sk-ant-test",
    ledger,
    redact: (text) => text,
    log: { info() {}, warn() {} },
    stallMs,
  });
  const server = createServer((request, response) => void gateway.handle(request, response, { agent: "code" }));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const memory = memoryDaemon();
  const view = shownView();
  return {
    api,
    ledger,
    workspace: folder,
    ...memory,
    shown: view.shown,
    async run({ history = [], request = "do it", beforeAppend = () => {}, output = null, ...settings } = {}) {
      const turn: Turn = {
        id: "turn-1",
        taskId: "task-1",
        conversationId: "main",
        request,
        from: "person",
        mode: "auto",
        worktree: null,

        output,
        history,
        profile: { ...toProfile(defineTeam(NO_OVERRIDES).code), ...settings.profile },
      };
      const { signal } = new AbortController();
      return await runTurn(turn, {
        agent: "code",
        config: {
          mode: "local",
          claudeCodeDir: settings.claudeCodeDir,
          workspace: folder,
          stateDir: folder,
          operatorHooks: path.join(folder, "hooks.json"),
          model: settings.model ?? "anthropic",
        },
        sessions: createSessions(),
        secrets: createKnownSecrets(),
        simulated: false,
        link: memory.link(beforeAppend),
        view: view.view,
        socketPath,
        brokerPath: null,
        control: {
          signal,
          leave: new AbortController().signal,
          steering: new Map(),
          pulse: createPulse(),
          ...settings.control,
        },
        lifetime: signal,
      });
    },
    close() {
      server.closeAllConnections();
      server.close();
      api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function memoryDaemon() {
  const entries: JournalEntry[] = [];
  const calls = new Map<string, CallRecord>();
  const said: Parameters<ConsoleClient["say"]>[0][] = [];
  const link = (beforeAppend: (entry: JournalEntry) => void): DaemonLink => {
    const client = {
      journal: {
        read: async () => structuredClone({ entries, calls: [...calls.values()] }),
        append: async ({ entry }: { entry: JournalEntry }) => {
          beforeAppend(entry);
          entries.push(structuredClone(entry));
        },
        begin: async ({ call: { callId, tool, summary, answer } }: { call: CallRequest }) => {
          if (answer) beforeAppend(answer);
          if (answer) entries.push(structuredClone(answer));
          calls.set(callId, { callId, tool, summary, state: "running", output: "" });
          return { verdict: "run" };
        },
        record: async ({ call }: { call: CallRecord }) => {
          calls.set(call.callId, call);
          return { output: call.output };
        },
      },
      say: async (message: (typeof said)[number]) => void said.push(message),
    } as unknown as ConsoleClient;
    return { call: async (ask, { signal }) => await ask(client, signal), current: () => client, run: async () => {} };
  };
  return { entries, calls, said, link };
}

function shownView(): { view: TurnView; shown: string[] } {
  const shown: string[] = [];
  const view: TurnView = {
    textStarted: ({ kind, messageIndex }) => void shown.push(`${kind} ${messageIndex}`),
    text: (delta) => void shown.push(`+ ${delta}`),
    textEnded: () => {},
    callStarted: ({ tool, summary }) => void shown.push(`call ${tool} ${summary}`),
    callOutput: () => {},
    callEnded: ({ state }) => void shown.push(`ended ${state}`),
    note: (text) => void shown.push(`note ${text}`),
  };
  return { view, shown };
}
