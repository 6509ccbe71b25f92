import { connect } from "node:net";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type { AgentName } from "../../contract/agents.ts";
import { type BrokerCall, BrokerReply } from "../../contract/broker.ts";
import { AppError } from "../../contract/errors.ts";
import { pause } from "../platform/wait.ts";
import { createEndsKeeper } from "./keep-ends.ts";

/** The way to work as root: typed requests to the broker, which decides by who asks. */
export interface BrokerClient {
  /** Gives what was printed and done. Throws what the broker refuses, and why it failed. */
  ask(call: BrokerCall, options: BrokerCallOptions): Promise<string>;
}

export interface BrokerCallOptions {
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
}

const MAX_OUTPUT_CHARACTERS = 100_000;
const ATTEMPTS = 8;
const WAIT_MS = 250;

/** `agent` is null for the daemon, which speaks for a person. `socketPath` is null where there is no broker, as on This computer. */
export function createBrokerClient(agent: AgentName | null, socketPath: string | null): BrokerClient {
  return {
    async ask(call, options) {
      if (socketPath === null) throw noBroker();
      const request = `${JSON.stringify({ agent, call })}\n`;
      for (let attempt = 1; ; attempt += 1) {
        const answer = await converse(socketPath, request, options);
        if (answer !== null) return answer;
        if (attempt === ATTEMPTS) throw unreachable("it is busy");
        await pause(WAIT_MS * attempt, options.signal);
      }
    },
  };
}

/** Null: the connection ended before the broker had begun, because too many others were there. */
async function converse(
  socketPath: string,
  request: string,
  { signal, onOutput }: BrokerCallOptions,
): Promise<string | null> {
  signal.throwIfAborted();
  const socket = connect(socketPath);
  const hangUp = (): void => void socket.destroy();
  signal.addEventListener("abort", hangUp, { once: true });
  let problem: NodeJS.ErrnoException | null = null;
  socket.on("error", (error) => {
    problem = error;
  });
  // A stream of its own ends where the connection breaks, instead of failing there.
  const replies = socket.pipe(new PassThrough());
  socket.on("close", () => replies.end());
  try {
    const kept = createEndsKeeper(MAX_OUTPUT_CHARACTERS);
    let isHeard = false;
    socket.write(request);
    for await (const line of createInterface({ input: replies, crlfDelay: Infinity })) {
      const reply = BrokerReply.parse(JSON.parse(line));
      isHeard = true;
      if (reply.type === "output") kept.add(reply.text);
      if (reply.type === "output") onOutput(reply.text);
      if (reply.type === "progress") onOutput(`${reply.text}\n`);
      if (reply.type === "done") return endOf(kept.read(), reply.text, reply.snapshot);
      if (reply.type === "failed") throw failureOf(kept.read(), reply);
    }
    signal.throwIfAborted();
    if (isHeard)
      throw new AppError("broker.failed", "The broker ended in the middle: outcome unknown, check before repeating");
    if (isAbsent(problem)) throw unreachable("it is not installed or not started");
    return null;
  } finally {
    signal.removeEventListener("abort", hangUp);
    socket.destroy();
  }
}

function endOf(output: string, text: string, snapshot: string | null): string {
  const undo = snapshot === null ? "" : `\nWhat was there before is kept in the snapshot ${snapshot}.`;
  return `${output === "" ? "" : `${output.trimEnd()}\n\n`}${text}${undo}`;
}

function failureOf(output: string, reply: Extract<BrokerReply, { type: "failed" }>): AppError {
  const { code, message, hint, details } = reply.error;
  // The program's own words, unless they have been shown already.
  const said = output.trim() === "" ? (details ?? "") : output.trim();
  const kept = reply.snapshot === null ? "" : `What was there before is kept in the snapshot ${reply.snapshot}.`;
  return new AppError(
    code,
    [said, message, hint, kept].filter((part) => part !== "" && part !== undefined).join("\n"),
    {
      hint,
      details,
    },
  );
}

function isAbsent(problem: NodeJS.ErrnoException | null): boolean {
  return problem?.code === "ENOENT" || problem?.code === "ECONNREFUSED" || problem?.code === "EACCES";
}

function noBroker(): AppError {
  return new AppError("broker.unreachable", "This computer has no broker: nothing can be done as root here", {
    hint: "Services, nginx, Docker and packages are for servers that were provisioned.",
  });
}

function unreachable(why: string): AppError {
  return new AppError("broker.unreachable", `The broker of this server does not answer: ${why}`, {
    hint: "Provision this server again, or look at: systemctl status ai-infrastructure-broker.socket",
  });
}
