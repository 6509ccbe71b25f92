import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { AgentName } from "../../contract/agents.ts";
import { until } from "./start-program.ts";
import { type StandInConsole, startConsole, type TurnWork } from "./console-stand-in.ts";
import { connectApp, createDaemon, type DaemonClient, type TestDaemon } from "./daemon-process.ts";

interface Message {
  readonly conversationId: string;
  readonly agent?: AgentName;
  readonly id?: string;
}

/** A daemon for the tests of one file. Its agents are stand-ins, which each test puts in place and which end with it. */
export function staffedDaemon() {
  let daemon: TestDaemon | undefined;
  let consoles: StandInConsole[] = [];
  const running = (): TestDaemon => {
    if (daemon === undefined) throw new Error("The daemon has not been started");
    return daemon;
  };
  beforeAll(async () => {
    daemon = await createDaemon();
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") console.log(daemon?.output());
    for (const stood of consoles) stood.stop();
    consoles = [];
  });
  afterAll(async () => await daemon?.remove());

  /** Over a connection of its own, so that it does not matter what was killed before. */
  async function withApp<T>(use: (client: DaemonClient) => Promise<T>): Promise<T> {
    const app = await connectApp(running());
    try {
      return await use(app.client);
    } finally {
      app.close();
    }
  }

  return {
    /** Not before the first test. */
    daemon: running,
    withApp,
    staff: (agent: AgentName, work: TurnWork): StandInConsole => {
      const stood = startConsole(running(), agent, work);
      consoles.push(stood);
      return stood;
    },
    restart: async (): Promise<void> => {
      await running().kill("SIGKILL");
      await running().start();
    },
    send: async (text: string, { id = randomUUID(), ...message }: Message) =>
      await withApp(async (client) => await client.chat.send({ id, text, ...message })),
    whenTask: async (id: string, state: string) =>
      await until(`task ${id} is ${state}`, async () => {
        const shown = await withApp(async (client) => await client.tasks.show({ id }));
        return shown.task.state === state ? shown : null;
      }),
  };
}
