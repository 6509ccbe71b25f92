import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { connectApi } from "../platform/connect-api.ts";

const ANSWER_MS = 8_000;

/** Lets every held agent work again but those that a person keeps stopped: what their consoles crashed of may be gone. */
export async function startHeld(config: DaemonConfig): Promise<void> {
  const connection = await connectApi(config, "upgrade");
  try {
    const within = () => ({ signal: AbortSignal.timeout(ANSWER_MS) });
    const { client } = connection;
    const { agents } = await client.status.get(undefined, within());
    const held = agents.filter(({ hold }) => hold && !hold.kept);
    for (const { name } of held) await client.health.start({ name }, within());
  } finally {
    connection.close();
  }
}
