import { implement } from "@orpc/server";
import { AUDIT_START, type AuditHead } from "../../contract/audit.ts";
import { DaemonApi } from "../../contract/daemon-api.ts";
import { HostApi } from "../../contract/host-api.ts";
import type { World } from "./fake-host-world.ts";

/** The daemon's trail, which a test makes longer. */
export function auditOfDaemon({ state, headFeed }: World) {
  const { audit } = implement(DaemonApi);
  const headAt = (seq: number): AuditHead | null => state.audit.find((record) => record.seq === seq) ?? null;
  const head = (): AuditHead => state.audit.at(-1) ?? AUDIT_START;
  return audit.router({
    head: audit.head.handler(head),
    heads: audit.heads.handler(({ signal }) => headFeed.follow([head()], signal)),
    at: audit.at.handler(({ input }) => headAt(input.seq)),
    list: audit.list.handler(({ input }) => {
      const matching = state.audit.filter(
        (record) =>
          (!input.agent || record.agent === input.agent) &&
          (!input.kind || record.kind === input.kind) &&
          (!input.taskId || record.taskId === input.taskId) &&
          (!input.text || record.detail.toLowerCase().includes(input.text.toLowerCase())) &&
          (!input.from || record.at >= input.from) &&
          (!input.to || record.at < input.to) &&
          (input.after === undefined || record.seq > input.after) &&
          (input.before === undefined || record.seq < input.before),
      );
      return { records: matching.toReversed().slice(0, input.limit), hasMore: matching.length > input.limit };
    }),
    read: audit.read.handler(async function* ({ input }) {
      yield state.audit.filter((record) => record.seq > input.after);
    }),
  });
}

/** The host's check of a trail, which a test moves on and ends. */
export function auditOfHost(world: World) {
  const { audit } = implement(HostApi);
  return audit.router({
    verify: audit.verify.handler(async function* ({ signal }) {
      for await (const event of world.checkFeed.follow([], signal)) {
        yield event;
        if (event.type === "ended") return;
      }
    }),
    acknowledge: audit.acknowledge.handler(() => {
      world.setServers(world.state.servers.map(({ server, connection }) => ({ server, connection })));
    }),
  });
}
