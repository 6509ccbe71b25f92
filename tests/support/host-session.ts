import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { randomUUID } from "node:crypto";
import type { WindowName } from "../../contract/agents.ts";
import { type Channel, channelPath, type Frame } from "../../contract/channel.ts";
import type { DaemonApi } from "../../contract/daemon-api.ts";
import type { Task } from "../../contract/tasks.ts";
import type { Host } from "../../src-main/app.ts";

export type DaemonClient = ContractRouterClient<typeof DaemonApi>;

/** A daemon reached as a page reaches it: through a channel of the host. */
export function daemonOf(host: Host, serverId: string): DaemonClient {
  const channel = openChannel(host, channelPath({ kind: "daemon", serverId }));
  const port = {
    postMessage: (frame: Frame) => channel.send(frame),
    onMessage: { addListener: (listener: (frame: Frame) => void) => channel.onFrame(listener) },
    onDisconnect: { addListener: (listener: () => void) => channel.onClose(listener) },
  };
  return createORPCClient<DaemonClient>(new RPCLink({ port }));
}

export interface TestTerminal {
  /** Everything that was written to it, escape sequences too. */
  screen(): string;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

export function terminalOf(host: Host, serverId: string, window: WindowName): TestTerminal {
  const channel = openChannel(host, channelPath({ kind: "terminal", serverId, window }));
  let screen = "";
  channel.onFrame((frame) => {
    if (typeof frame === "string") return;
    screen += Buffer.from(frame).toString();
    channel.send(JSON.stringify({ type: "ack", bytes: frame.length }));
  });
  const resize = (columns: number, rows: number): void =>
    channel.send(JSON.stringify({ type: "resize", columns, rows }));
  resize(120, 40);
  return {
    resize,
    screen: () => screen,
    type: (text) => channel.send(new Uint8Array(Buffer.from(text))),
    close: () => channel.close(),
  };
}

/** Sends a message and waits for the end of its task. */
export async function ask(daemon: DaemonClient, text: string): Promise<Task> {
  const { taskId, seq } = await daemon.chat.send({ id: randomUUID(), text });
  for await (const event of await daemon.events.follow({ after: seq })) {
    if (event.type !== "task_changed" || event.task.id !== taskId) continue;
    if (["done", "failed", "cancelled"].includes(event.task.state)) return event.task;
  }
  throw new Error(`The events ended before task ${taskId}`);
}

function openChannel(host: Host, path: string): Channel {
  const [ours, theirs] = channelPair();
  host.openChannel(path, theirs);
  return ours;
}

function channelPair(): readonly [Channel, Channel] {
  const ends = [newEnd(), newEnd()] as const;
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const end of ends) for (const listener of end.onClose) listener();
  };
  const channel = (own: End, other: End): Channel => ({
    send: (frame) => void setImmediate(() => other.onFrame.forEach((listener) => listener(frame))),
    onFrame: (listener) => void own.onFrame.push(listener),
    onClose: (listener) => void own.onClose.push(listener),
    close,
  });
  return [channel(ends[0], ends[1]), channel(ends[1], ends[0])];
}

interface End {
  readonly onFrame: ((frame: Frame) => void)[];
  readonly onClose: (() => void)[];
}

function newEnd(): End {
  return { onFrame: [], onClose: [] };
}
