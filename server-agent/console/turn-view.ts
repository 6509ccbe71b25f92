import type { CallRecord } from "../../contract/console-api.ts";

/** What people see of a turn: at the window, and live in the chat. */
export interface TurnView {
  /** A text block begins; one that was cut short begins again with the same index. */
  textStarted(messageIndex: number): void;
  text(delta: string): void;
  textEnded(): void;
  callStarted(call: Pick<CallRecord, "tool" | "summary">): void;
  callOutput(text: string): void;
  callEnded(call: Pick<CallRecord, "tool" | "summary" | "state"> & { readonly ms: number }): void;
  note(text: string): void;
}
