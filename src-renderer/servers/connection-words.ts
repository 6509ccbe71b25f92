import type { Connection } from "../../contract/servers.ts";

export type ConnectionTone = "ok" | "busy" | "wait" | "off";

export interface ConnectionWords {
  readonly word: "Connected" | "Connecting" | "Reconnecting" | "Needs you" | "Disconnected";
  readonly tone: ConnectionTone;
}

/** The five plain words for a connection. */
export function connectionWords(connection: Connection): ConnectionWords {
  switch (connection.state) {
    case "online":
      return { word: "Connected", tone: "ok" };
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
