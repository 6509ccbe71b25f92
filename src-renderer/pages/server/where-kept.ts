import type { ServerView } from "../../../contract/servers.ts";

/** Where a key that a person gives is kept, in words. */
export function whereKept({ server: { name, place } }: ServerView): string {
  return place.kind === "local" ? "in a file only you can read" : `on ${name}, encrypted where its systemd can`;
}
