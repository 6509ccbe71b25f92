import type { Connection } from "../../contract/servers.ts";

export type ConnectionTone = "ok" | "busy" | "wait" | "off";

export interface ConnectionWords {
  readonly word: "Connected" | "Not answering" | "Connecting" | "Reconnecting" | "Needs you" | "Disconnected";
  readonly tone: ConnectionTone;
}

/** The few plain words for a connection. */
export function connectionWords(connection: Connection): ConnectionWords {
  switch (connection.state) {
    case "online":
      return connection.silentSince ? { word: "Not answering", tone: "busy" } : { word: "Connected", tone: "ok" };
    case "connecting":
      return connection.attempt > 1 ? { word: "Reconnecting", tone: "busy" } : { word: "Connecting", tone: "busy" };
    case "waiting":
      return { word: "Reconnecting", tone: "busy" };
    case "asking":
    case "refused":
      return { word: "Needs you", tone: "wait" };
    case "offline":
      return { word: "Disconnected", tone: "off" };
  }
}

/** How long the server has not answered; null while it does. A silence is noticed after two seconds. */
export function silenceWords(connection: Connection, now: number): string | null {
  if (connection.state !== "online" || connection.silentSince === null) return null;
  const seconds = Math.max(2, Math.round((now - Date.parse(connection.silentSince)) / 1000));
  return `Not answering for ${seconds} s`;
}
