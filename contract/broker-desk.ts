import { z } from "zod";
import { AgentName } from "./agents.ts";

/**
 * Between the broker, which is root, and the daemon, over `root.sock` in the daemon's folder: only the daemon's user and
 * root may open it. HTTP with a JSON body each: `POST /ticket`, `POST /record`.
 */
export const ROOT_SOCKET = "root.sock";

export const TicketRequest = z.strictObject({
  agent: AgentName,
  /** Of agent, tool and input. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** `person`: a person must have allowed it, or granted such calls. */
  needs: z.enum(["permission", "person"]),
});
export type TicketRequest = z.infer<typeof TicketRequest>;

export const TicketAnswer = z.discriminatedUnion("answer", [
  /** It was taken by this request and cannot be taken again. */
  z.object({ answer: z.literal("ok"), taskId: z.string() }),
  z.object({ answer: z.literal("refused"), reason: z.string() }),
]);
export type TicketAnswer = z.infer<typeof TicketAnswer>;

/** For the audit trail. */
export const RootRecord = z.strictObject({
  kind: z.enum(["root_action", "snapshot_taken", "snapshot_restored"]),
  agent: AgentName.nullable(),
  taskId: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type RootRecord = z.infer<typeof RootRecord>;
