import type { RootRecord } from "../../contract/broker-desk.ts";
import type { Desk } from "./desk.ts";

/** Where every request is written down, what became of it, and by whom it came. */
export type Trail = (record: Omit<RootRecord, "ask">) => Promise<void>;

/**
 * Each record goes to the journal as one line of JSON, and to the daemon's audit trail when it answers: what happens while it
 * is away is in the journal alone.
 */
export function openTrail(desk: Pick<Desk, "record">, write: (line: string) => void): Trail {
  return async (record) => {
    write(`${JSON.stringify({ at: new Date().toISOString(), ...record })}\n`);
    await desk.record(record).catch((error: unknown) => {
      write(`${JSON.stringify({ level: "warn", message: "the audit trail does not answer", error: String(error) })}\n`);
    });
  };
}
