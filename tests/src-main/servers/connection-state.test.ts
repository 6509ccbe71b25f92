import { describe, expect, it } from "vitest";
import type { WireError } from "../../../contract/errors.ts";
import type { Connection, Question } from "../../../contract/servers.ts";
import {
  isWorthRetrying,
  nextConnection,
  retryDelay,
  type ConnectionAction,
} from "../../../src-main/servers/connection-state.ts";

const at = "2026-01-01T00:00:00.000Z";
const lost: WireError = { code: "connection.lost", message: "lost" };
const changed: WireError = { code: "connection.host_key_changed", message: "changed" };
const question: Question = { kind: "password", user: "root", wrong: false };
const keys = {
  expected: { algorithm: "ssh-ed25519", fingerprint: "SHA256:a" },
  found: { algorithm: "ssh-ed25519", fingerprint: "SHA256:b" },
};

const offline: Connection = { state: "offline" };
const connecting: Connection = { state: "connecting", attempt: 1 };
const asking: Connection = { state: "asking", question };
const online: Connection = { state: "online", since: at, latencyMs: null, silentSince: null };
const silent: Connection = { ...online, silentSince: at };
const waiting: Connection = { state: "waiting", retryAt: at, error: lost };
const refused: Connection = { state: "refused", error: changed, ...keys };

const start: ConnectionAction = { type: "attempt_started", attempt: 1 };
const ask: ConnectionAction = { type: "question_asked", question };
const answered: ConnectionAction = { type: "question_answered", attempt: 1 };
const opened: ConnectionAction = { type: "opened", at };
const measured: ConnectionAction = { type: "latency_measured", ms: 4 };
const fallSilent: ConnectionAction = { type: "fell_silent", since: at };
const answerAgain: ConnectionAction = { type: "answered_again" };
const lose: ConnectionAction = { type: "lost", error: lost, retryAt: at };
const refuse: ConnectionAction = { type: "refused", error: changed, keys };
const disconnect: ConnectionAction = { type: "disconnected" };

describe("a connection", () => {
  it.each<[string, Connection, ConnectionAction, Connection]>([
    ["starts from offline", offline, start, connecting],
    ["starts again after waiting", waiting, start, connecting],
    ["starts again after a refusal", refused, start, connecting],
    ["asks while connecting", connecting, ask, asking],
    ["goes on when answered", asking, answered, connecting],
    ["opens", connecting, opened, online],
    ["learns its latency", online, measured, { ...online, latencyMs: 4 }],
    ["is silent and stays online", online, fallSilent, silent],
    ["measures its latency while it is silent", silent, measured, { ...silent, latencyMs: 4 }],
    ["answers again", silent, answerAgain, online],
    ["waits when a silence ends in a loss", silent, lose, waiting],
    ["waits after a loss", online, lose, waiting],
    ["waits after a failed attempt", connecting, lose, waiting],
    ["waits when the server closes while a person thinks", asking, lose, waiting],
    ["is refused with both keys", connecting, refuse, refused],
    ["is refused while asking", asking, refuse, refused],
    ["ends from anywhere", online, disconnect, offline],
    ["ends while waiting", waiting, disconnect, offline],
    ["ignores a late opening", offline, opened, offline],
    ["ignores a late question", offline, ask, offline],
    ["ignores a late loss", offline, lose, offline],
    ["ignores a late refusal", waiting, refuse, waiting],
    ["ignores a late silence", waiting, fallSilent, waiting],
    ["ignores a late latency", waiting, measured, waiting],
    ["ignores an answer nobody waits for", online, answered, online],
    ["stays online when started twice", online, start, online],
  ])("%s", (...[, before, action, after]) => {
    expect(nextConnection(before, action)).toEqual(after);
  });
});

it("tries again soon at first, and never less often than every 15 s", () => {
  expect([1, 2, 3, 4, 8, 100].map(retryDelay)).toEqual([200, 400, 800, 1600, 15_000, 15_000]);
});

it.each<[WireError["code"], boolean]>([
  ["connection.unreachable", true],
  ["connection.refused", true],
  ["connection.timed_out", true],
  ["connection.lost", true],
  ["connection.auth_failed", false],
  ["connection.host_key_changed", false],
  ["connection.not_ssh", false],
  ["connection.key_unreadable", false],
  ["app.internal", false],
])("after %s tries again by itself: %s", (code, isWorth) => {
  expect(isWorthRetrying({ code, message: "" })).toBe(isWorth);
});
