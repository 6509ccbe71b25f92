import type { Wishes } from "../../contract/provision.ts";
import type { Release, Wanted } from "../../provisioning/wanted.ts";
import { readGivenFile } from "./given-file.ts";

/** Throws when a file that was given cannot be read. */
export async function wantedOf(
  { release }: { readonly release: () => Promise<Release> },
  wishes: Wishes,
): Promise<Wanted> {
  return { wishes, release: await release(), qdrant: await readGivenFile(wishes.qdrant) };
}
