import type { Command, CommandResult, DetachedOptions } from "../../provisioning/shell.ts";
import { describe, expectOk, jobLost } from "../platform/command-end.ts";
import { FOLLOW_JOB, JOB_LIMITS, ROOT_JOBS, STOP_JOB } from "../platform/detached-scripts.ts";
import { exchange, limited, write } from "./exchange.ts";
import { lineReader, shownLine } from "./lines.ts";
import { quote } from "./quote.ts";
import { elevationFor, type Server } from "./run-command.ts";

const NEWLINE = 0x0a;

/** How far the output of a job has been handed on, so that joining it again repeats no line. */
export interface FollowedJob {
  id: string;
  offset: number;
}

export type FollowedJobs = Map<string, FollowedJob>;

/** Per server, for as long as the app runs. */
export function createFollowedJobs(): { of(serverId: string): FollowedJobs } {
  const servers = new Map<string, FollowedJobs>();
  return {
    of(serverId) {
      const jobs = servers.get(serverId) ?? new Map<string, FollowedJob>();
      servers.set(serverId, jobs);
      return jobs;
    },
  };
}

interface Job {
  readonly server: Server;
  readonly jobs: FollowedJobs;
  readonly command: Command;
  readonly options: DetachedOptions;
}

/** Starts or joins the job of this key and follows it to its end. A broken connection leaves it running. */
export async function runDetached(job: Job): Promise<CommandResult> {
  const { command, options } = job;
  if (!/^[A-Za-z0-9-]{1,64}$/.test(options.key)) throw new Error(`Not a job key: ${options.key}`);
  const limit = { ...options, timeoutMs: options.timeoutMs ?? JOB_LIMITS.timeoutMs, what: describe(command) };
  return limited(limit, async (signal) => {
    try {
      return expectOk(command, await follow(job, signal));
    } catch (error) {
      if (signal.aborted) await stop(job);
      throw error;
    }
  });
}

async function follow(job: Job, signal: AbortSignal): Promise<CommandResult> {
  const { server, command, options, jobs } = job;
  const { prefix, input: before } = await elevationFor(server, command.asRoot);
  const followed = jobs.get(options.key) ?? { id: "", offset: 0 };
  jobs.set(options.key, followed);
  const input = Buffer.from(command.input ?? "");
  const acknowledged = Promise.withResolvers<void>();
  const exit = readExit(() => acknowledged.resolve());
  const script = [folder(command), options.key, String(followed.offset), followed.id || "-", String(input.length)];
  const lines = readOutput(followed, (line) => options.onLine?.(line));
  const result = await exchange(server.session, {
    line: quote([...prefix, "sh", "-c", FOLLOW_JOB, "sh", ...script, ...command.argv]),
    async feed(channel) {
      await write(channel, before);
      await write(channel, input);
      await acknowledged.promise;
      await write(channel, "seen\n");
    },
    onStdout: (bytes) => lines.push(bytes),
    onStderr: (bytes) => exit.push(bytes),
    signal,
  });
  lines.end();
  jobs.delete(options.key);
  const exitCode = exit.code();
  const stdout = result.stdout.slice(result.stdout.indexOf("\n") + 1);
  if (exitCode === null) throw jobLost(command, stdout);
  return { exitCode, stdout, stderr: "" };
}

/** Ends the job and everything it started. */
async function stop({ server, command, options, jobs }: Job): Promise<void> {
  const { prefix, input } = await elevationFor(server, command.asRoot);
  const { key, stopWithinMs = JOB_LIMITS.stopWithinMs } = options;
  const seconds = String(Math.ceil(stopWithinMs / 1000));
  const line = quote([...prefix, "sh", "-c", STOP_JOB, "sh", folder(command), key, seconds]);
  await limited({ timeoutMs: stopWithinMs + JOB_LIMITS.stopGraceMs, what: `Stopping ${describe(command)}` }, (signal) =>
    exchange(server.session, { line, feed: (channel) => write(channel, input), signal }),
  );
  jobs.delete(key);
}

function folder(command: Command): string {
  return command.asRoot ? ROOT_JOBS : "";
}

/** The follower's own words, on standard error. */
function readExit(onExit: () => void) {
  let code: number | null = null;
  const lines = lineReader((line) => {
    const [word, value = ""] = line.split(" ");
    if (word !== "exit") return;
    code = value === "" ? null : Number(value);
    onExit();
  });
  return { push: (bytes: Buffer) => lines.push(bytes), code: () => code };
}

/** Reads the line that names the job, then its output. What has been handed on as lines does not come again. */
function readOutput(followed: FollowedJob, onLine: (line: string) => void) {
  let isNamed = false;
  return countingLines((line, end) => {
    if (isNamed) {
      followed.offset += end;
      return onLine(line);
    }
    isNamed = true;
    const [id = "", offset] = line.split(" ");
    Object.assign(followed, { id, offset: Number(offset) });
  });
}

/** Lines with the number of bytes each took. */
function countingLines(onLine: (line: string, bytes: number) => void) {
  let rest = Buffer.alloc(0);
  return {
    push(bytes: Buffer) {
      rest = Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        const line = rest.subarray(0, end).toString("utf8");
        rest = rest.subarray(end + 1);
        onLine(shownLine(line), end + 1);
      }
    },
    end() {
      if (rest.length > 0) onLine(shownLine(rest.toString("utf8")), rest.length);
    },
  };
}
