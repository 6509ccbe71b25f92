import { z } from "zod";

/**
 * A terminal channel carries raw bytes as binary frames both ways (keys up, output down) and JSON text frames for the
 * rest. The page gives credit back with `ack` after each write; the host pauses the stream above the high water mark.
 */
export const HIGH_WATER_BYTES = 128 * 1024;
export const LOW_WATER_BYTES = 32 * 1024;

export const TerminalRequest = z.discriminatedUnion("type", [
  /** First frame of a channel, and again on every change of size. */
  z.object({
    type: z.literal("resize"),
    columns: z.number().int().min(2).max(1000),
    rows: z.number().int().min(1).max(1000),
  }),
  /** Bytes written to the screen since the last `ack`. */
  z.object({ type: z.literal("ack"), bytes: z.number().int().min(0) }),
]);
export type TerminalRequest = z.infer<typeof TerminalRequest>;

export const TerminalNotice = z.discriminatedUnion("type", [
  z.object({ type: z.literal("attached") }),
  /** The connection is gone; the host attaches again by itself. */
  z.object({ type: z.literal("detached"), reason: z.string() }),
  /** Nothing more will come. */
  z.object({ type: z.literal("ended"), reason: z.string() }),
]);
export type TerminalNotice = z.infer<typeof TerminalNotice>;
