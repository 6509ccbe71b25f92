import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleMemoryModel } from "../../scripts/bundle-memory-model.mjs";

/** The real model with its program, in a folder of its own. */
export async function layMemoryModel(): Promise<{ readonly folder: string; remove(): void }> {
  const folder = mkdtempSync(path.join(tmpdir(), "memory-model-"));
  await bundleMemoryModel(folder);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
