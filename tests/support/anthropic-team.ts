import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AgentName } from "../../contract/agents.ts";
import { type DaemonConfig, SMALL_MALLOC, SMALL_PROCESS } from "../../contract/daemon-config.ts";
import type { Task } from "../../contract/tasks.ts";
import { type Connection, connectApp, createDaemon, type DaemonClient, type TestDaemon } from "./daemon-process.ts";
import { type MessagesApi, type RecordedRequest, type Reply, startMessagesApi } from "./messages-api.ts";
import { type RunningProgram, startProgram, until } from "./start-program.ts";

/** A real daemon and real consoles, whose model is a stand-in for the Messages API that the test scripts. */
export interface AnthropicTeam {
  readonly daemon: TestDaemon;
  readonly api: MessagesApi;
  app<T>(use: (client: DaemonClient) => Promise<T>): Promise<T>;
  send(text: string, agent: AgentName, conversationId?: string): Promise<string>;
  task(id: string): Promise<Task>;
  /** Until it is so. */
  whenTask(id: string, is: (task: Task) => boolean): Promise<Task>;
  startConsole(agent: AgentName): Promise<void>;
  /** What the agent's console has printed since it was started. */
  screen(agent: AgentName): string;
  killConsole(agent: AgentName): Promise<void>;
  restartDaemon(): Promise<void>;
  remove(): Promise<void>;
}

type Script = (request: RecordedRequest, number: number) => Reply | Promise<Reply>;

export async function createAnthropicTeam(
  script: Script,
  settings: Partial<DaemonConfig> = {},
): Promise<AnthropicTeam> {
  const credentials = mkdtempSync(path.join(tmpdir(), "credentials-"));
  writeFileSync(path.join(credentials, "anthropic-key"), "sk-ant-test");
  process.env["CREDENTIALS_DIRECTORY"] = credentials;
  const api = await startMessagesApi(script);
  const daemon = await createDaemon({ ...settings, model: "anthropic", anthropicUrl: api.url });
  const consoles = new Map<AgentName, RunningProgram>();
  const app = async <T>(use: (client: DaemonClient) => Promise<T>): Promise<T> => {
    const connection: Connection<DaemonClient> = await until("the daemon answers", () => connectApp(daemon));
    return await use(connection.client).finally(() => connection.close());
  };
  const task = async (id: string): Promise<Task> => (await app(async (client) => await client.tasks.show({ id }))).task;
  return {
    daemon,
    api,
    app,
    task,
    async send(text, agent, conversationId = "main") {
      const message = { id: randomUUID(), text, agent, conversationId };
      return (await app(async (client) => await client.chat.send(message))).taskId;
    },
    whenTask: async (id, is) => {
      let last: Task | null = null;
      const reached = until(
        `task ${id}`,
        async () => {
          last = await task(id);
          return is(last) && last;
        },
        30_000,
      );
      return await reached.catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(last)}\n${daemon.output()}`);
      });
    },
    async startConsole(agent) {
      const { bundle } = daemon.config;
      const argv = [...SMALL_PROCESS, bundle, "agent", agent, "--config", daemon.configFile];
      consoles.set(agent, startProgram(process.execPath, argv, { environment: SMALL_MALLOC }));
      await until(`the console of ${agent} is connected`, async () => {
        const { agents } = await app(async (client) => await client.status.get());
        return agents.some(({ name, state }) => name === agent && state !== "offline");
      });
    },
    screen: (agent) => consoles.get(agent)?.output() ?? "",
    async killConsole(agent) {
      await consoles.get(agent)?.kill("SIGKILL");
      consoles.delete(agent);
    },
    async restartDaemon() {
      await daemon.kill("SIGKILL");
      await daemon.start();
    },
    async remove() {
      for (const console of consoles.values()) await console.kill("SIGKILL");
      await daemon.remove();
      api.close();
      delete process.env["CREDENTIALS_DIRECTORY"];
      rmSync(credentials, { recursive: true, force: true });
    },
  };
}
