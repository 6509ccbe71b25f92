import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../pai/hooks/main.ts", import.meta.url));

/** A folder for one test's memory, and our hooks as real programs that work in it. */
export interface HookRoom {
  readonly folder: string;
  run(name: string, input: Readonly<Record<string, unknown>> | string): HookProgramEnd;
  remove(): void;
}

export interface HookProgramEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function createHookRoom(): HookRoom {
  const folder = mkdtempSync(path.join(tmpdir(), "own-hook-"));
  const env = { PATH: "/usr/bin:/bin", HOME: "/home/nobody", PAI_DIR: folder, AI_INFRA_AGENT: "code" };
  const common = { session_id: "main-code", transcript_path: "", cwd: folder };
  return {
    folder,
    run(name, input) {
      const text = typeof input === "string" ? input : JSON.stringify({ ...common, ...input });
      const end = spawnSync(process.execPath, [MAIN, name], { input: text, env, encoding: "utf8" });
      return { code: end.status, stdout: end.stdout, stderr: end.stderr };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
