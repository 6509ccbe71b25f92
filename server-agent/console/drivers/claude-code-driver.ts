import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { AgentName } from "../../../contract/agents.ts";
import type { DaemonConfig } from "../../../contract/daemon-config.ts";
import { createEndsKeeper } from "../../agents/keep-ends.ts";
import { isFull } from "../compact.ts";
import { hasOpenCalls, sentMessages } from "../conversation.ts";
import { DriverStopped } from "../driver-stopped.ts";
import { TurnLeft } from "../turn-left.ts";
import { openApiDriver } from "./api-driver.ts";
import { openCallDesk } from "./call-desk.ts";
import type { AgentDriver, DriverParts } from "./driver.ts";
import { type ClaudeCode, loadClaudeCode } from "./load-claude-code.ts";
import { openLoopbackGateway } from "./loopback-gateway.ts";
import { offerTools } from "./offer-tools.ts";
import { createSessionReader } from "./read-session.ts";
import { createSessionEnd, type SessionEnd } from "./session-end.ts";
import { type SessionFolders, sessionOptions } from "./session-options.ts";
import { splitConversation, writeTranscript } from "./transcript.ts";

export interface ClaudeCodePlace {
  readonly agent: AgentName;
  readonly config: Pick<DaemonConfig, "claudeCodeDir" | "mode" | "stateDir">;
}

const MAX_STDERR_CHARACTERS = 2_000;
/** Of every session: see docs/claude-code-driver.md. */
const EXPECTED_WARNING = /(?: stderr:)?\s*\S* Permission mode forced to default.*?to opt out\.\s*/s;

/**
 * Lets Claude Code talk with the model, in a process that lives from one point of the journal to another: the end of the
 * turn, a person's word, a conversation that is too long. It has no tools but ours, and no memory but the journal.
 */
export async function openClaudeCodeDriver(parts: DriverParts, place: ClaudeCodePlace): Promise<AgentDriver> {
  const program = await loadClaudeCode(place.config);
  const folders = await makeFolders(place);
  // Calls of a process that died are settled, and summaries asked for, as with the other driver.
  const api = openApiDriver(parts);
  return {
    ...api,
    async takeSteps() {
      if (hasOpenCalls(parts.journal.added().at(-1))) return await api.takeSteps();
      await runSession(parts, { program, folders, api });
    },
  };
}

async function makeFolders({ agent, config }: ClaudeCodePlace): Promise<SessionFolders> {
  const configFolder = path.join(config.stateDir, "agents", agent, "claude-code");
  const folders = { configFolder, cwd: path.join(configFolder, "empty"), temporary: path.join(configFolder, "tmp") };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 });
  return folders;
}

interface SessionTools {
  readonly program: ClaudeCode;
  readonly folders: SessionFolders;
  readonly api: AgentDriver;
}

async function runSession(parts: DriverParts, { program, folders, api }: SessionTools): Promise<void> {
  const { control, profile, turnId } = parts;
  const { told, prompt } = splitConversation(sentMessages(parts.journal.conversation, api.compaction().sent));
  const session = uuidOf(turnId);
  const transcript = await writeTranscript(told, { ...folders, session, model: profile.model });
  const end = createSessionEnd();
  const mustPause = (): boolean => control.steering.size > 0 || parts.isOver() || isFull(api.compaction());
  const printed = createEndsKeeper(MAX_STDERR_CHARACTERS);
  const stop = stopWith([end.signal, control.signal, control.leave]);
  const gateway = await openLoopbackGateway({ turnId, fetch: parts.fetch, onFault: (error) => end.fail(error) });
  stop.signal.addEventListener("abort", () => gateway.close(), { once: true });
  const pause = async (): Promise<void> => {
    // What was answered is then counted as answered, not as broken off.
    await gateway.idle();
    end.pause();
  };
  const desk = openCallDesk({ driver: parts, end, mustPause, pause });
  const reader = createSessionReader({ driver: parts, desk, end, pause });
  try {
    const options = sessionOptions({
      folders,
      session,
      isResumed: told.length > 0,
      profile,
      gateway,
      server: offerTools(parts.tools, async (call) => await desk.run(call)),
      gate: (call) => desk.admit(call),
      abort: stop,
      onStderr: (text) => printed.add(text),
    });
    for await (const said of program.query({ prompt: promptUntil(prompt, stop.signal), options })) {
      await reader.take(said);
      if (stop.signal.aborted) break;
    }
    endedByItself(end, printed.read());
  } catch (error) {
    if (!stop.signal.aborted) endedByItself(end, error instanceof Error ? error.message : String(error));
  } finally {
    stop.abort();
    await desk.idle();
    await transcript.remove();
  }
  control.signal.throwIfAborted();
  if (control.leave.aborted) throw new TurnLeft();
  end.throwIfFailed();
}

/** One that follows others, and can be aborted itself. */
function stopWith(signals: readonly AbortSignal[]): AbortController {
  const stop = new AbortController();
  const all = AbortSignal.any([...signals]);
  if (all.aborted) stop.abort();
  all.addEventListener("abort", () => stop.abort(), { once: true });
  return stop;
}

/** A prompt always ends with our own words: the program takes last words that begin with a slash for a command. */
async function* promptUntil(content: readonly unknown[], signal: AbortSignal): AsyncIterable<unknown> {
  yield { type: "user", message: { role: "user", content }, parent_tool_use_id: null, session_id: "" };
  // While this goes on the program can ask about its calls.
  if (!signal.aborted) await once(signal, "abort");
}

function endedByItself(end: SessionEnd, why: string): void {
  end.fail(new DriverStopped(`Claude Code ended by itself: ${why.replace(EXPECTED_WARNING, "").trim()}`));
}

/** The same for the same turn: a file that a killed process left is written over. */
function uuidOf(turnId: string): string {
  const hex = createHash("sha256").update(turnId).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
