import { MAIN_CONVERSATION } from "../../contract/chat.ts";
import type { DaemonEvent } from "../../contract/events.ts";

export type StoredEvent = Exclude<Extract<DaemonEvent, { seq: number }>, { type: "caught_up" }>;

type WithoutSeq<T> = T extends unknown ? Omit<T, "seq"> : never;

/** A stored event before it has its number. */
export type EventDraft = WithoutSeq<StoredEvent>;

export function conversationOf(event: EventDraft): string {
  switch (event.type) {
    case "message_added":
      return event.message.conversationId;
    case "task_changed":
      return event.task.conversationId;
    case "tool_changed":
      return event.call.conversationId;
    case "approval_changed":
      return event.approval.conversationId;
    case "snapshot_changed":
      return event.snapshot.conversationId ?? MAIN_CONVERSATION;
    case "team_message_changed":
      return event.message.conversationId;
    case "algorithm_changed":
      return event.run.conversationId;
  }
}
