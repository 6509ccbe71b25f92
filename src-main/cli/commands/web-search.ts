import { AppError } from "../../../contract/errors.ts";
import { LOCAL_SERVER_ID, type Server } from "../../../contract/servers.ts";
import { BRAVE_SEARCH_URL, SearchKey, WebSearch, type WebSearchWish } from "../../../contract/web-search.ts";
import { connect } from "../connect.ts";
import { OK, type Context, type Outcome } from "../context.ts";
import { readSecret } from "../model-key.ts";

const USE = "Say searxng --url ADDRESS, brave, or off.";

/** Sets who searches the web for agents. The key is never read back. */
export async function webSearch(context: Context, server: Server): Promise<Outcome> {
  const { client } = context.host;
  const wish = await readWish(context);
  if (server.id === LOCAL_SERVER_ID) await client.local.setWebSearch(wish);
  else {
    await connect(context, server.id);
    await client.provision.setWebSearch({ serverId: server.id, ...wish });
  }
  const { search } = wish;
  context.screen.print(search ? `Agents search with ${search.provider} at ${search.url}.` : "The model's own search.");
  return { result: { ok: true, webSearch: search }, exitCode: OK };
}

async function readWish(context: Context): Promise<WebSearchWish> {
  const [provider] = context.words;
  if (provider === "off") return { search: null, key: null };
  const url = context.options.url ?? (provider === "brave" ? BRAVE_SEARCH_URL : undefined);
  const search = WebSearch.safeParse({ provider, url });
  if (!search.success) {
    const [issue] = search.error.issues;
    throw new AppError("app.bad_input", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is missing"}`, {
      hint: USE,
    });
  }
  const given = await readSecret(context, `Key for ${search.data.provider} (empty: keep the one it has, or none): `);
  const key = SearchKey.nullable().safeParse(given);
  if (key.success) return { search: search.data, key: key.data };
  throw new AppError("app.bad_input", "The key must be one word of 8 to 512 plain characters");
}
