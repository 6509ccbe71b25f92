import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { bubblewrapArgv } from "../../server-agent/sandbox/bubblewrap.ts";
import { type AnthropicTeam, createAnthropicTeam } from "../support/anthropic-team.ts";
import { answerSlowly, type Block, type Reply, say } from "../support/messages-api.ts";
import { type Bench, type Figure, percentile } from "./figure.ts";

const TASKS = 30;
const CALLS = 15;
const WARM_UP = 3;
/** From a model's first words to its last. */
const WRITING_MS = 50;
const STARTED_BUDGET_MS = 120;
const CALL_BUDGET_MS = 10;
const SANDBOXED_CALL_BUDGET_MS = 120;

/** What we add around a model: from a task to its first request, and from a tool call to the request with its result. */
export const agentWork: Bench = {
  name: "agent-work",
  unavailable: () => null,
  run: async () => {
    const clock = createClock();
    const team = await createAnthropicTeam(clock.reply);
    try {
      await team.startConsole("code");
      writeFileSync(path.join(team.daemon.config.workspace, "note.txt"), "a note\n");
      const starts = await timeStarts(team, clock);
      const reads = await timeCalls(team, clock, { name: "read_file", input: readLines });
      const commands = await timeCalls(team, clock, {
        name: "run_command",
        input: (call) => ({ command: `true ${call}` }),
      });
      const alone = await timeBareCalls(team, clock, path.join(team.daemon.config.workspace, "note.txt"));
      return figures({ starts, reads, alone, commands, ...timePrograms({ jailed: bareSandbox(team) }) });
    } finally {
      await team.remove();
    }
  },
};

const readLines = (call: number) => ({ path: "note.txt", limit: call });

interface Tool {
  readonly name: string;
  /** Of one call after the other: the same one again and again would be asked about. */
  readonly input: (call: number) => object;
}

/** The stand-in for the model notes when each request comes and when its answer has been sent, by this program's clock. */
function createClock() {
  let script: Tool | null = null;
  let left = 0;
  let calls = 0;
  const cameAt: number[] = [];
  const answeredAt: number[] = [];
  return {
    play(tool: Tool | null, times: number): void {
      [script, left] = [tool, times];
      cameAt.length = 0;
      answeredAt.length = 0;
    },
    cameAt,
    answeredAt,
    reply: (): Reply => {
      cameAt.push(performance.now());
      const blocks: readonly Block[] = [
        { type: "tool_use", id: `toolu_${(calls += 1)}`, name: script?.name ?? "", input: script?.input(calls) ?? {} },
      ];
      const wantsCall = script !== null && left > 0;
      left -= 1;
      return wantsCall ? answerSlowly(blocks, WRITING_MS, () => answeredAt.push(performance.now())) : say("done");
    },
  };
}

type Clock = ReturnType<typeof createClock>;

async function timeStarts(team: AnthropicTeam, clock: Clock): Promise<number[]> {
  const times: number[] = [];
  for (let task = 0; task < WARM_UP + TASKS; task += 1) {
    clock.play(null, 0);
    const sentAt = await finish(team, "begin");
    times.push((clock.cameAt[0] ?? Number.NaN) - sentAt);
  }
  return times.slice(WARM_UP);
}

/** Between the end of an answer that wants a tool and the request with the tool's result. */
async function timeCalls(team: AnthropicTeam, clock: Clock, tool: Tool): Promise<number[]> {
  const times: number[] = [];
  for (let task = 0; task < 1 + WARM_UP; task += 1) {
    clock.play(tool, CALLS);
    await finish(team, tool.name);
    if (task > 0) times.push(...gapsOf(clock));
  }
  return times;
}

function gapsOf({ cameAt, answeredAt }: Clock): number[] {
  const gaps = cameAt.slice(1).map((at, index) => at - (answeredAt[index] ?? Number.NaN));
  if (gaps.length === CALLS) return gaps;
  throw new Error(`There were ${gaps.length} calls, not ${CALLS}`);
}

/** Sends a message and waits for its task, without asking meanwhile; gives when it was sent. */
async function finish(team: AnthropicTeam, text: string): Promise<number> {
  return await team.app(async ({ chat, events }) => {
    const sentAt = performance.now();
    const message = { id: randomUUID(), text, agent: "code", conversationId: randomUUID() } as const;
    const { taskId, seq } = await chat.send(message);
    for await (const event of await events.follow({ after: seq })) {
      if (event.type === "task_changed" && event.task.id === taskId && event.task.endedAt !== null) return sentAt;
    }
    throw new Error(`The events ended before task ${taskId}`);
  });
}

/** The same loop with the SDK alone, which keeps nothing, asks nobody and shows nothing. */
async function timeBareCalls({ api }: AnthropicTeam, clock: Clock, file: string): Promise<number[]> {
  const client = new Anthropic({ apiKey: "sk-ant-test", baseURL: api.url });
  const tool = betaZodTool({
    name: "read_file",
    description: "Reads a file",
    inputSchema: z.object({ path: z.string() }),
    run: async () => await readFile(file, "utf8"),
  });
  clock.play({ name: "read_file", input: readLines }, CALLS);
  const messages = [{ role: "user", content: "begin" }] as const;
  const about = { model: "claude-sonnet-5-5", max_tokens: 1000, stream: true, thread: false } as const;
  await client.beta.messages.toolRunner({ ...about, messages: [...messages], tools: [tool] }).runUntilDone();
  return gapsOf(clock);
}

type Argv = readonly [string, ...string[]];

/** A command without and with bubblewrap from its start to its end, p50: in turn, so that the same machine times both. */
function timePrograms({ jailed }: { readonly jailed: Argv }): { readonly bare: number; readonly jailed: number } {
  const pairs = Array.from(
    { length: 30 },
    () => [timeProgram(["/bin/bash", "-c", "true"]), timeProgram(jailed)] as const,
  );
  const p50 = (place: 0 | 1) =>
    percentile(
      pairs.map((pair) => pair[place]),
      0.5,
    );
  return { bare: p50(0), jailed: p50(1) };
}

function timeProgram([program, ...parameters]: Argv): number {
  const started = performance.now();
  const { status } = spawnSync(program, parameters);
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}`);
  return performance.now() - started;
}

function bareSandbox({ daemon: { config } }: AnthropicTeam): Argv {
  const { workspace } = config;
  return bubblewrapArgv({ workspace, cwd: workspace, command: "true", namespaces: ["--unshare-user"] });
}

interface Times {
  readonly starts: readonly number[];
  readonly reads: readonly number[];
  readonly alone: readonly number[];
  readonly commands: readonly number[];
  readonly bare: number;
  readonly jailed: number;
}

/** Ours is what a call takes beyond the same loop of the SDK alone, and in the sandbox beyond the bare command. */
function figures({ starts, reads, alone, commands, bare, jailed }: Times): readonly Figure[] {
  const p50 = (name: string, times: readonly number[], budget: number): Figure => {
    const baseline = { name: "budget", value: budget };
    return { name: `${name} p50`, value: percentile(times, 0.5), unit: "ms", baseline, bar: { atMost: 1 } };
  };
  const beyond = (times: readonly number[], ms: number): number[] => times.map((time) => time - ms);
  const loop = percentile(alone, 0.5);
  const command = p50("ours per tool call, in the sandbox", beyond(commands, bare), SANDBOXED_CALL_BUDGET_MS);
  return [
    p50("message to the agent's first model request", starts, STARTED_BUDGET_MS),
    p50("ours per tool call, no sandbox", beyond(reads, loop), CALL_BUDGET_MS),
    {
      ...p50("the whole call, no sandbox", reads, CALL_BUDGET_MS),
      baseline: { name: "the SDK's loop alone", value: loop },
      bar: { atMost: 6 },
    },
    command,
    {
      ...command,
      name: "  the same",
      baseline: { name: "bubblewrap alone", value: jailed - bare },
      bar: { atMost: 6 },
    },
  ];
}
