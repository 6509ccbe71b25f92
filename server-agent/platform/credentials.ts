import { readFile } from "node:fs/promises";
import path from "node:path";

export const CREDENTIALS = ["redis-password", "anthropic-key", "search-key", "qdrant-key"] as const;
export type CredentialName = (typeof CREDENTIALS)[number];

/** A secret handed over by the service manager as a file; null when it was not given. */
export async function readCredential(name: CredentialName): Promise<string | null> {
  const folder = process.env["CREDENTIALS_DIRECTORY"];
  if (!folder) return null;
  try {
    const text = await readFile(path.join(folder, name), "utf8");
    return text.trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
