import { createHash } from "node:crypto";
import type { Facts } from "./facts.ts";
import { RELEASES_DIR } from "./layout.ts";
import type { Release } from "./wanted.ts";

/** Names what a release holds: two with the same id are the same to the byte. */
export function releaseId({ version, node, daemon }: Pick<Release, "version" | "node" | "daemon">): string {
  const hash = createHash("sha256").update(`${node.sha256}\n${daemon.sha256}`).digest("hex");
  return `${version}-${hash.slice(0, 12)}`;
}

export function releaseFolder(release: Release): string {
  return `${RELEASES_DIR}/${releaseId(release)}`;
}

/** The folder that a failed upgrade goes back to; null when there is nothing to go back to, or nothing to upgrade. */
export function formerRelease({ release }: Pick<Facts, "release">, wanted: Release): string | null {
  const folder = releaseFolder(wanted);
  if (release.upgradeFrom !== "") return release.upgradeFrom === folder ? null : release.upgradeFrom;
  const isWhole = release.node !== "" && release.daemon !== "";
  return isWhole && release.folder !== folder ? release.folder : null;
}
