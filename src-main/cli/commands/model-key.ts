import { AppError } from "../../../contract/errors.ts";
import { LOCAL_SERVER_ID, type Server } from "../../../contract/servers.ts";
import { connect } from "../connect.ts";
import { OK, type Context, type Outcome } from "../context.ts";
import { readModelKey } from "../model-key.ts";

/** Stores the Anthropic API key where the team runs. It is never read back. */
export async function modelKey(context: Context, server: Server): Promise<Outcome> {
  const { client } = context.host;
  const key = await readModelKey(context);
  if (key === null) {
    throw new AppError("app.bad_input", "No key was given", { hint: "Use --key-file FILE, or - for standard input." });
  }
  if (server.id === LOCAL_SERVER_ID) await client.local.setModelKey({ key });
  else {
    await connect(context, server.id);
    await client.provision.setModelKey({ serverId: server.id, key });
  }
  context.screen.print("The key is stored.");
  return { result: { ok: true }, exitCode: OK };
}
