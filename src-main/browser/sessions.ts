import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const MAX_SESSIONS = 100;

/** Who may open channels: whoever traded a token, which works once, for a session. */
export interface Sessions {
  /** A token nobody has used yet. */
  token(): string;
  /** Null when the token is not the one that is valid. */
  trade(token: string): string | null;
  isOpen(session: string): boolean;
}

export function createSessions(): Sessions {
  let token = secret();
  const sessions = new Set<string>();
  return {
    token: () => token,
    trade(given) {
      if (!isSame(given, token) || sessions.size >= MAX_SESSIONS) return null;
      token = secret();
      const session = secret();
      sessions.add(session);
      return session;
    },
    isOpen: (session) => sessions.has(session),
  };
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

/** In a time that says nothing about where they differ. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
