import { createHash } from "node:crypto";
import type { Facts } from "../facts.ts";
import type { OurFile } from "./our-files.ts";

/** Of our files, those that the server lacks or has differently. */
export function differingFiles(facts: Facts, files: readonly OurFile[]): readonly OurFile[] {
  return files.filter((file) => {
    const found = facts.paths[file.path];
    return found?.sha256 !== sha256(file.text) || found.mode !== file.mode || found.owner !== "root:root";
  });
}

export function planFiles(facts: Facts, files: readonly OurFile[]): readonly string[] {
  return differingFiles(facts, files).map((file) => `${facts.paths[file.path] ? "Change" : "Write"} ${file.path}`);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
