import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";

/** Small files by the names of the model's; gives their folder. They differ by `version`. */
export function layMemoryModel(folder: string, version = "1"): string {
  mkdirSync(folder, { recursive: true });
  for (const name of MEMORY_MODEL_FILES) writeFileSync(path.join(folder, name), `${name} ${version}`);
  return folder;
}
