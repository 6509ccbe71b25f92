import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleOrder, Turn } from "../../contract/console-api.ts";
import { BEAT_MS } from "../../contract/health.ts";
import { type Connection, connectConsole, type ConsoleClient, type TestDaemon } from "./daemon-process.ts";
import { until } from "./start-program.ts";

/** What a test lets the agent do in a turn; the signal aborts for an interrupt and for a pause. `api` repeats a request until the daemon answers it. */
export type TurnWork = (turn: Turn, api: DurableApi, interrupted: AbortSignal) => Promise<void>;
export type DurableApi = <T>(request: (client: ConsoleClient) => Promise<T>) => Promise<T>;

export interface StandInConsole {
  readonly orders: readonly ConsoleOrder[];
  stop(): void;
}

/** A small real client of the ConsoleApi: reconnects for ever, runs each turn once, goes on with it after a reconnect. */
export function startConsole(daemon: TestDaemon, agent: AgentName, work: TurnWork): StandInConsole {
  const orders: ConsoleOrder[] = [];
  const running = new Map<string, AbortController>();
  let connection: Connection<ConsoleClient> | null = null;
  const stopped = new AbortController();

  const api: DurableApi = async (request) => {
    for (;;) {
      const current = await until("the console is connected", () => stopped.signal.aborted || connection, 60_000);
      if (current === true) throw new Error("the console was stopped");
      try {
        return await request(current.client);
      } catch (error) {
        if ((error as { code?: string }).code === "APP_ERROR") throw error;
        if (connection === current) connection = null;
      }
    }
  };
  const obey = (order: ConsoleOrder): void => {
    orders.push(order);
    if (order.type === "interrupt" || order.type === "pause") running.get(order.turnId)?.abort();
    if (order.type !== "turn" || running.has(order.turn.id)) return;
    const { turn } = order;
    const interrupt = new AbortController();
    running.set(turn.id, interrupt);
    work(turn, api, interrupt.signal)
      .catch(() => {})
      .finally(() => interrupt.signal.aborted && running.delete(turn.id));
  };
  const live = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        const opened = await until("the daemon answers", async () => await connectConsole(daemon, agent), 60_000);
        const stream = await opened.client.orders({ agent, pid: process.pid });
        connection = opened;
        const heart = setInterval(() => void opened.client.beat({ turns: [] }).catch(() => {}), BEAT_MS);
        void opened.closed.then(() => clearInterval(heart));
        await opened.client.beat({ turns: [] });
        for await (const order of stream) obey(order);
      } catch {
        connection = null;
      }
    }
  };
  void live();
  return {
    orders,
    stop() {
      stopped.abort();
      connection?.close();
    },
  };
}

/** Says the text and ends the turn with it. */
export async function answer(turn: Turn, api: DurableApi, text: string): Promise<void> {
  await api(async (client) => await client.say({ turnId: turn.id, messageIndex: 0, text, simulated: true }));
  await api(
    async (client) => await client.finish({ turnId: turn.id, outcome: { state: "done", text, simulated: true } }),
  );
}
