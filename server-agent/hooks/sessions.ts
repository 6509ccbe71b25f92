/** One agent's work in one conversation, from its first turn there to the end of its console. */
export interface BegunSession {
  readonly conversationId: string;
  /** The latest. */
  readonly turnId: string;
}

export interface Sessions {
  /** False when the turn's session has begun already. */
  begin(turn: { readonly conversationId: string; readonly id: string }): boolean;
  list(): readonly BegunSession[];
}

export function createSessions(): Sessions {
  const latest = new Map<string, string>();
  return {
    begin({ conversationId, id }) {
      const isNew = !latest.has(conversationId);
      latest.set(conversationId, id);
      return isNew;
    },
    list: () => [...latest].map(([conversationId, turnId]) => ({ conversationId, turnId })),
  };
}
