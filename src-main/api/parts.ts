import type { Attention } from "../../contract/attention.ts";
import type { AuditCheckEvent } from "../../contract/audit-check.ts";
import type { LocalState } from "../../contract/local.ts";
import type { Plan, RunEvent, Wishes } from "../../contract/provision.ts";
import type { ServerOverview } from "../../contract/server-overview.ts";
import type { ModelName } from "../../contract/status.ts";
import type { WebSearchWish } from "../../contract/web-search.ts";

interface OnServer {
  readonly serverId: string;
}

/** What the router asks of provisioning. */
export interface ProvisionPart {
  plan(input: OnServer & { readonly wishes: Wishes }, signal?: AbortSignal): Promise<Plan>;
  overview(input: OnServer, signal?: AbortSignal): Promise<ServerOverview>;
  apply(input: OnServer & { readonly wishes: Wishes }): Promise<void>;
  remove(input: OnServer): Promise<void>;
  follow(input: OnServer & { readonly after: number }, signal?: AbortSignal): AsyncGenerator<RunEvent, void, void>;
  cancel(input: OnServer): Promise<void>;
  setModelKey(input: OnServer & { readonly key: string }, signal?: AbortSignal): Promise<void>;
  setWebSearch(input: OnServer & WebSearchWish, signal?: AbortSignal): Promise<void>;
  /** Forgets what was read of the server. Throws while a run goes on there. */
  leave(serverId: string): void;
  setSudoPassword(input: OnServer & { readonly password: string }): Promise<void>;
}

/** What the router asks of notifications. */
export interface AttentionPart {
  seen(serverId: string, ids: readonly string[]): void;
  opened(signal?: AbortSignal): AsyncGenerator<Attention, void, void>;
}

/** What the router asks of the audit trails' keeper. */
export interface AuditPart {
  verify(input: OnServer, signal?: AbortSignal): AsyncGenerator<AuditCheckEvent, void, void>;
  acknowledge(input: OnServer & { readonly at: string }): Promise<void>;
}

/** What the router asks of the team on this computer. */
export interface LocalPart {
  start(wishes: { readonly model?: ModelName | undefined }): Promise<LocalState>;
  stop(): Promise<LocalState>;
  status(): Promise<LocalState>;
  setModelKey(input: { readonly key: string }): Promise<void>;
  setWebSearch(wish: WebSearchWish): Promise<void>;
}
