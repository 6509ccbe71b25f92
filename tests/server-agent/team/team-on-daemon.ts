import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import type { AgentName } from "../../../contract/agents.ts";
import { TMUX_SESSION, TMUX_SOCKET, type DaemonConfig } from "../../../contract/daemon-config.ts";
import type { Task } from "../../../contract/tasks.ts";
import { startTeam } from "../../../server-agent/team/start-team.ts";
import { connectApp, createDaemon, type DaemonClient, type TestDaemon } from "../../support/daemon-process.ts";
import { until } from "../../support/start-program.ts";

/** A real daemon with its six consoles in a private tmux server, and a connected app. */
export interface TestTeam {
  readonly daemon: TestDaemon;
  readonly workspace: string;
  app(): Promise<DaemonClient>;
  send(text: string, agent?: AgentName): Promise<string>;
  whenEnded(taskId: string, withinMs?: number): Promise<Task>;
  tmux(...parameters: string[]): string;
  panePid(window: string): number;
  screen(window: string): string;
  /** What stands in the pane for answers below it; throws when there is none. */
  answers(window: string): string;
  whenIdle(): Promise<void>;
  remove(): Promise<void>;
}

export async function createTeam(settings: Partial<DaemonConfig> = {}, postgresBin?: string): Promise<TestTeam> {
  const daemon = await createDaemon(settings, postgresBin);
  await startTeam(daemon.config);
  const team = teamOf(daemon);
  await team.whenIdle();
  return team;
}

function teamOf(daemon: TestDaemon): TestTeam {
  const tmux = (...parameters: string[]): string => runTmux(daemon.config, ...parameters);
  let connection = connectApp(daemon);
  const app = async (): Promise<DaemonClient> => {
    const { client } = await connection;
    return await client.status.get().then(
      () => client,
      async () => {
        connection = until("the daemon answers", async () => await connectApp(daemon));
        return (await connection).client;
      },
    );
  };
  const target = (window: string): string => `${TMUX_SESSION}:${window}`;
  return {
    daemon,
    workspace: daemon.config.workspace,
    app,
    tmux,
    panePid: (window) => Number(tmux("display-message", "-p", "-t", `${target(window)}.0`, "#{pane_pid}")),
    screen: (window) => tmux("capture-pane", "-p", "-J", "-S", "-", "-t", `${target(window)}.0`),
    answers: (window) => tmux("capture-pane", "-p", "-J", "-t", `${target(window)}.1`),
    async send(text, agent) {
      const { taskId } = await (await app()).chat.send({ id: randomUUID(), text, ...(agent && { agent }) });
      return taskId;
    },
    whenEnded: async (taskId, withinMs = 60_000) =>
      await until(
        `task ${taskId} ends`,
        async () => {
          const { task } = await (await app()).tasks.show({ id: taskId });
          return task.endedAt !== null && task;
        },
        withinMs,
      ),
    whenIdle: async () => {
      await until("all consoles are connected", async () => {
        const { agents } = await (await app()).status.get();
        return agents.every(({ state }) => state === "idle");
      });
    },
    async remove() {
      tmux("kill-server");
      await daemon.remove();
    },
  };
}

export function runTmux(config: Pick<DaemonConfig, "runDir">, ...parameters: string[]): string {
  return execFileSync("tmux", ["-S", path.join(config.runDir, TMUX_SOCKET), ...parameters], {
    encoding: "utf8",
  }).trim();
}
