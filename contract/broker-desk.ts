import { z } from "zod";
import { AgentName } from "./agents.ts";

/**
 * Between the broker, which is root, and the daemon, over `root.sock` in the daemon's folder: only the daemon's user and
 * root may open it. A connection is one question, up to the end of what is sent, and one answer, both JSON.
 */
export const ROOT_SOCKET = "root.sock";

export const TicketRequest = z.strictObject({
  ask: z.literal("ticket"),
  agent: AgentName,
  /** Of agent, tool and input. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** `person`: a person must have allowed it, or granted such calls. */
  needs: z.enum(["permission", "person"]),
});
export type TicketRequest = z.infer<typeof TicketRequest>;

/** For the audit trail. */
export const RootRecord = z.strictObject({
  ask: z.literal("record"),
  kind: z.enum(["root_action", "snapshot_taken", "snapshot_restored"]),
  agent: AgentName.nullable(),
  taskId: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type RootRecord = z.infer<typeof RootRecord>;

export const DeskQuestion = z.discriminatedUnion("ask", [TicketRequest, RootRecord]);
export type DeskQuestion = z.infer<typeof DeskQuestion>;

export const DeskAnswer = z.discriminatedUnion("answer", [
  /** It was taken by this request and cannot be taken again. */
  z.object({ answer: z.literal("ok"), taskId: z.string() }),
  z.object({ answer: z.literal("refused"), reason: z.string() }),
  z.object({ answer: z.literal("recorded") }),
  z.object({ answer: z.literal("failed") }),
]);
export type DeskAnswer = z.infer<typeof DeskAnswer>;
