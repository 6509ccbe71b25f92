import { DaemonConfig } from "../../contract/daemon-config.ts";
import { WORKSPACE_DATABASE } from "../../contract/workspace-database.ts";
import type { ModelName } from "../../contract/status.ts";
import { isSameSearch, type WebSearch } from "../../contract/web-search.ts";
import type { Facts } from "../facts.ts";
import {
  BUNDLE,
  CONFIG_FILE,
  LOG_DIR,
  MEMORY_MODEL_DIR,
  NODE,
  OPERATOR_HOOKS,
  POSTGRES,
  RUN_DIR,
  STATE_DIR,
  WORKSPACE,
} from "../layout.ts";
import { QDRANT_URL } from "../qdrant.ts";
import type { Wanted } from "../wanted.ts";
import type { OurFile } from "./our-files.ts";

/** `daemon.json`. What nobody wished to change, such as the model or another database, stays as the server has it. */
export function daemonConfig(facts: Pick<Facts, "daemonConfig">, wanted: Wanted): OurFile {
  const present = parsePresent(facts.daemonConfig);
  const config: DaemonConfig = {
    mode: "server",
    version: wanted.release.version,
    model: wanted.wishes.model ?? present?.model ?? "simulated",
    runDir: RUN_DIR,
    stateDir: STATE_DIR,
    logDir: LOG_DIR,
    workspace: WORKSPACE,
    node: NODE,
    bundle: BUNDLE,
    operatorHooks: OPERATOR_HOOKS,
    postgres: POSTGRES,
    redis: { kind: "tcp", host: "127.0.0.1", port: 6379 },
    ...(present?.agentsDir !== undefined && { agentsDir: present.agentsDir }),
    workspaceDatabase: present?.workspaceDatabase ?? {
      ...WORKSPACE_DATABASE,
      socketDir: POSTGRES.socketDir,
      port: POSTGRES.port,
    },
    memoryModel: MEMORY_MODEL_DIR,
    // In any case: it counts where the daemon is handed the key, which the step `qdrant` sees to.
    qdrant: present?.qdrant ?? { url: QDRANT_URL },
    ...(present?.webSearch !== undefined && { webSearch: present.webSearch }),
    anthropicUrl: present?.anthropicUrl ?? "https://api.anthropic.com",
  };
  return configFile(config);
}

/** Null when there is no valid configuration to change. */
export function withModel(facts: Pick<Facts, "daemonConfig">, model: ModelName): OurFile | null {
  const present = parsePresent(facts.daemonConfig);
  return present && configFile({ ...present, model });
}

/** The same; `search` null: the model's own provider. */
export function withWebSearch(facts: Pick<Facts, "daemonConfig">, search: WebSearch | null): OurFile | null {
  const present = parsePresent(facts.daemonConfig);
  return present && configFile({ ...present, webSearch: search ?? undefined });
}

/** Whether a key that is there is for this provider at this address. */
export function keepsSearchKey(facts: Pick<Facts, "daemonConfig">, search: WebSearch | null): boolean {
  return search !== null && isSameSearch(parsePresent(facts.daemonConfig)?.webSearch, search);
}

/** In the order of the schema, so that the same configuration is the same text after it was read back. */
function configFile(config: DaemonConfig): OurFile {
  return { path: CONFIG_FILE, mode: "644", text: `${JSON.stringify(DaemonConfig.parse(config), null, 2)}\n` };
}

function parsePresent(text: string): DaemonConfig | null {
  try {
    return DaemonConfig.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // not JSON: written anew
  }
}
