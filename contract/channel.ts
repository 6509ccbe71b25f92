/**
 * A two-way pipe of frames between the page and the host. Every shell (Electron, browser) opens channels by path and
 * does nothing else; the host decides what a path means.
 */
export interface Channel {
  send(frame: Frame): void;
  onFrame(listener: (frame: Frame) => void): void;
  /** Called once, also when this side closes. */
  onClose(listener: () => void): void;
  close(): void;
}

export type Frame = string | Uint8Array<ArrayBuffer>;

/** What a channel is for, as written in its path. */
export type ChannelTarget =
  | { readonly kind: "host" }
  | { readonly kind: "daemon"; readonly serverId: string }
  | { readonly kind: "terminal"; readonly serverId: string; readonly window: string };

export function channelPath(target: ChannelTarget): string {
  switch (target.kind) {
    case "host":
      return "host";
    case "daemon":
      return `daemon/${encodeURIComponent(target.serverId)}`;
    case "terminal":
      return `terminal/${encodeURIComponent(target.serverId)}/${encodeURIComponent(target.window)}`;
  }
}

/** Null when the path is not one that `channelPath` makes. */
export function parseChannelPath(path: string): ChannelTarget | null {
  const parts = decodeParts(path);
  if (parts === null) return null;
  const [kind, serverId, window, ...rest] = parts;
  if (rest.length > 0) return null;
  if (kind === "host" && serverId === undefined) return { kind };
  if (kind === "daemon" && serverId && window === undefined) return { kind, serverId };
  if (kind === "terminal" && serverId && window) return { kind, serverId, window };
  return null;
}

function decodeParts(path: string): string[] | null {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    return null;
  }
}
