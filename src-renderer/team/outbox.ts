import { daemonClient } from "../api/clients.ts";
import { deadline } from "../api/retry.ts";
import { pageError } from "../errors/page-error.ts";
import type { Pending } from "./state.ts";
import { readTeam, updateTeam } from "./store.ts";

const SEND_MS = 20_000;
const key = (serverId: string) => `ai-infra.outbox.${serverId}`;

/** Shows a message at once and sends it as soon as the team can be reached. Its id makes sending twice one message. */
export function sendMessage(serverId: string, said: Pick<Pending, "text" | "agent" | "mode">): void {
  const pending: Pending = { id: crypto.randomUUID(), ...said, at: new Date().toISOString(), state: "queued" };
  setPending(serverId, (list) => [...list, pending]);
  void sendQueued(serverId);
}

/** Sends what waits, oldest first. What fails because the connection is away stays queued. */
export async function sendQueued(serverId: string): Promise<void> {
  if (readTeam(serverId).live !== "live") return;
  const next = readTeam(serverId).pending.find((pending) => pending.state === "queued");
  if (!next || readTeam(serverId).pending.some((pending) => pending.state === "sending")) return;
  mark(serverId, next.id, { state: "sending" });
  try {
    const { id, text, agent, mode } = next;
    await daemonClient(serverId).chat.send({ id, text, mode, ...(agent && { agent }) }, { signal: deadline(SEND_MS) });
    mark(serverId, id, { state: "sent" });
  } catch (error) {
    const wire = pageError(error);
    const away = wire.code === "connection.lost" || wire.code === "app.timed_out";
    mark(serverId, next.id, away ? { state: "queued" } : { state: "failed", error: wire });
    if (away) return;
  }
  await sendQueued(serverId);
}

export function retryMessage(serverId: string, id: string): void {
  mark(serverId, id, { state: "queued" });
  void sendQueued(serverId);
}

export function discardMessage(serverId: string, id: string): void {
  setPending(serverId, (list) => list.filter((pending) => pending.id !== id));
}

/** Messages written before a reload and never confirmed go back into the queue. */
export function restoreOutbox(serverId: string): void {
  const stored = localStorage.getItem(key(serverId));
  if (!stored || readTeam(serverId).pending.length > 0) return;
  const list = (JSON.parse(stored) as Pending[]).map((pending): Pending =>
    pending.state === "failed" ? pending : { ...pending, state: "queued" },
  );
  const known = new Set(readTeam(serverId).messages.map((message) => message.id));
  setPending(serverId, () => list.filter((pending) => !known.has(pending.id)));
}

function mark(serverId: string, id: string, change: Partial<Pending>): void {
  setPending(serverId, (list) => list.map((pending) => (pending.id === id ? { ...pending, ...change } : pending)));
}

function setPending(serverId: string, change: (list: readonly Pending[]) => readonly Pending[]): void {
  updateTeam(serverId, (team) => ({ ...team, pending: change(team.pending) }));
  saveOutbox(serverId);
}

/** Written through on every change, so that a closed window loses nothing. */
export function saveOutbox(serverId: string): void {
  const { pending } = readTeam(serverId);
  if (pending.length === 0) localStorage.removeItem(key(serverId));
  else localStorage.setItem(key(serverId), JSON.stringify(pending));
}
