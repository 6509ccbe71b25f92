import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/** Where everything the host keeps on this computer lives: `AI_INFRA_HOME`, else the user's data folder. */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (env["AI_INFRA_HOME"]) return path.resolve(env["AI_INFRA_HOME"]);
  const data = env["XDG_DATA_HOME"] || path.join(homedir(), ".local", "share");
  return path.join(data, "ai-infrastructure");
}

/** Only this user may look in. */
export async function makeHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
}
