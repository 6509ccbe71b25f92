import type { CallRecord } from "../../contract/console-api.ts";

export interface TextPart {
  readonly kind: "said" | "thought";
  readonly messageIndex: number;
}

/** What people see of a turn: at the window, and live in the chat. */
export interface TurnView {
  /** Words or a thought begin; what was cut short begins again with the same index. */
  textStarted(part: TextPart): void;
  text(delta: string): void;
  textEnded(): void;
  callStarted(call: Pick<CallRecord, "tool" | "summary">): void;
  callOutput(text: string): void;
  callEnded(call: Pick<CallRecord, "tool" | "summary" | "state"> & { readonly ms: number }): void;
  note(text: string): void;
}
