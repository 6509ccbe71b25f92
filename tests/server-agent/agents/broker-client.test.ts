import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AgentName } from "../../../contract/agents.ts";
import { createBrokerClient } from "../../../server-agent/agents/broker-client.ts";
import { ROOT_TOOLS } from "../../../server-agent/agents/root-tools.ts";
import { defineTeam } from "../../../server-agent/agent-settings/definitions.ts";
import { NO_OVERRIDES } from "../../../server-agent/agent-settings/last-good.ts";

let folder: string;
let place: string;
let server: Server | null = null;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "broker-client-"));
  place = path.join(folder, "broker.sock");
});
afterEach(() => {
  server?.close();
  server = null;
  rmSync(folder, { recursive: true });
});

/** A stand-in for the broker: gives each connection to `onRequest` with its first line. */
async function serve(onRequest: (line: string, socket: Socket, count: number) => void): Promise<void> {
  let count = 0;
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => onRequest(data.toString(), socket, (count += 1)));
  });
  await new Promise<void>((resolve) => server?.listen(place, resolve));
}

const status = { tool: "systemd", input: { action: "status", unit: "ssh" } } as const;
const reply = (...replies: object[]) => replies.map((one) => `${JSON.stringify(one)}\n`).join("");
const options = (onOutput: (text: string) => void = () => undefined, signal = new AbortController().signal) => ({
  onOutput,
  signal,
});
const ask = async (socketPath: string | null, given = options()) =>
  await createBrokerClient("infra", socketPath).ask(status, given);

it("gives what was printed, what was done and how to undo it", async () => {
  const lines: string[] = [];
  await serve((line, socket) => {
    lines.push(line);
    socket.write(reply({ type: "accepted" }, { type: "output", text: "active\n" }));
    socket.end(reply({ type: "done", text: "ssh.service is active", snapshot: "20260101T000000-00000000" }));
  });
  const shown: string[] = [];
  const answer = await ask(
    place,
    options((text) => shown.push(text)),
  );
  expect(lines).toEqual([`${JSON.stringify({ agent: "infra", call: status })}\n`]);
  expect(answer).toBe(
    "active\n\nssh.service is active\nWhat was there before is kept in the snapshot 20260101T000000-00000000.",
  );
  expect(shown).toEqual(["active\n"]);
});

it("tells the model why it was refused and what to do", async () => {
  const error = { code: "broker.refused", message: "Agents may not stop ssh", hint: "They may stop nginx." };
  await serve((_line, socket) => socket.end(reply({ type: "failed", error, snapshot: null })));
  await expect(ask(place)).rejects.toThrow("Agents may not stop ssh\nThey may stop nginx.");
});

it("asks again when it was turned away, and not after the broker has begun", async () => {
  await serve((_line, socket, count) => {
    if (count < 3) socket.destroy();
    else socket.end(reply({ type: "done", text: "ok", snapshot: null }));
  });
  expect(await ask(place)).toBe("ok");
  let count = 0;
  server?.close();
  place = `${place}2`;
  await serve((_line, socket) => {
    count += 1;
    socket.end(reply({ type: "accepted" }));
  });
  await expect(ask(place)).rejects.toThrow("outcome unknown");
  expect(count).toBe(1);
});

it("hangs up when it is interrupted", async () => {
  const stop = new AbortController();
  const hungUp = new Promise<void>((resolve) => {
    void serve((_line, socket) => {
      socket.on("close", () => resolve());
      socket.write(reply({ type: "accepted" }));
      stop.abort();
    }).then(async () => await ask(place, options(undefined, stop.signal)).catch(() => undefined));
  });
  await expect(hungUp).resolves.toBeUndefined();
});

it("says plainly that there is no broker on this computer, or that a server's does not answer", async () => {
  await expect(ask(null)).rejects.toThrow("This computer has no broker");
  await expect(ask(place)).rejects.toThrow("not installed or not started");
});

it("gives root work to infra and the supervisor alone", () => {
  const team = defineTeam(NO_OVERRIDES);
  const rootTools = (agent: AgentName) => team[agent].settings.tools.filter((tool) => Object.hasOwn(ROOT_TOOLS, tool));
  expect(Object.fromEntries(AgentName.options.map((agent) => [agent, rootTools(agent)]))).toEqual({
    supervisor: ["run_as_root"],
    code: [],
    data: [],
    infra: ["systemd", "nginx", "docker", "packages", "snapshots"],
    research: [],
    qa: [],
  });
});
