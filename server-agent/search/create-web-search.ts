import type { AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import type { Store } from "../store/open-store.ts";
import { searchWeb } from "./search-web.ts";

export interface SearchCall {
  readonly agent: AgentName;
  readonly turnId: string;
  readonly callId: string;
  readonly query: string;
}

/** Searches for an agent. Throws when no provider is set, and for what is no call that was let run. */
export type WebSearcher = (call: SearchCall, signal?: AbortSignal) => Promise<string>;

interface SearcherParts {
  readonly config: Pick<DaemonConfig, "webSearch">;
  readonly searchKey: string | null;
  readonly store: Store;
}

/** Here and not in the console: the key is the daemon's, and agents never hold it. */
export function createWebSearch({ config, searchKey, store }: SearcherParts): WebSearcher {
  return async (call, signal = new AbortController().signal) => {
    const { webSearch: search } = config;
    if (!search) throw new AppError("app.not_found", "No provider of web search is set on this server");
    if (!(await isRunning(store, call))) {
      throw new AppError("app.bad_input", `The agent ${call.agent} has no search that runs under this id`);
    }
    return await searchWeb(call.query, { search, key: searchKey }, signal);
  };
}

async function isRunning(store: Store, { agent, turnId, callId }: SearchCall): Promise<boolean> {
  const row = await store.read(async (db) => {
    return await db
      .selectFrom("calls")
      .select("state")
      .where("turn_id", "=", turnId)
      .where("call_id", "=", callId)
      .where("agent", "=", agent)
      .where("tool", "=", "web_search")
      .executeTakeFirst();
  });
  return row?.state === "running";
}
