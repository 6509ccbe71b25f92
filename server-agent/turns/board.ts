import type { AgentName } from "../../contract/agents.ts";
import type { LiveEvent } from "../bus/live-bus.ts";

type Delta = Extract<LiveEvent, { type: "delta" }>;

export interface TurnPlace {
  readonly turnId: string;
  readonly taskId: string;
  readonly conversationId: string;
  readonly agent: AgentName;
}

export interface TextPiece {
  readonly kind: "said" | "thought";
  readonly messageIndex: number;
  readonly offset: number;
  readonly text: string;
}

/** The texts being written at this moment, for people who come late. */
export interface Board {
  /** Null when the message has been closed already. */
  write(place: TurnPlace, piece: TextPiece): Delta | null;
  closeMessage(messageId: string): void;
  closeTask(taskId: string): void;
  /** Whole texts, as deltas at offset 0. */
  partials(): Delta[];
}

const REMEMBERED_CLOSED = 500;

export function messageIdOf(turnId: string, { kind, messageIndex }: Pick<TextPiece, "kind" | "messageIndex">): string {
  return kind === "thought" ? `${turnId}.thought-${messageIndex}` : `${turnId}.${messageIndex}`;
}

export function createBoard(): Board {
  const open = new Map<string, Delta>();
  const closed = new Set<string>();
  const close = (messageId: string): void => {
    open.delete(messageId);
    closed.add(messageId);
    const oldest = closed.values().next().value;
    if (closed.size > REMEMBERED_CLOSED && oldest !== undefined) closed.delete(oldest);
  };
  return {
    write({ turnId, taskId, conversationId, agent }, piece) {
      const messageId = messageIdOf(turnId, piece);
      const { offset, text } = piece;
      const role = piece.kind === "thought" ? ({ role: "thought" } as const) : {};
      if (closed.has(messageId)) return null;
      const place = { type: "delta", messageId, ...role, conversationId, taskId, agent } as const;
      const before = open.get(messageId)?.text ?? "";
      const whole: Delta = { ...place, offset: 0, text: before.slice(0, offset) + text };
      open.set(messageId, whole);
      return before.length < offset ? whole : { ...place, offset, text };
    },
    closeMessage: close,
    closeTask(taskId) {
      for (const [messageId, delta] of open) if (delta.taskId === taskId) close(messageId);
    },
    partials: () => [...open.values()],
  };
}
