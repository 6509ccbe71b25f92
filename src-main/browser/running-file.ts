import { randomBytes, randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const Running = z.object({
  port: z.number().int().min(1).max(65_535),
  /** Whoever can read the file may ask the running shell for an address. */
  secret: z.string().min(32),
});
export type Running = z.infer<typeof Running>;

const ANSWER_MS = 2000;
const Answer = z.object({ url: z.string().startsWith("http://127.0.0.1:") });

/** Where the browser shell listened last. Null when that is not known: any port does. */
export async function readRunning(home: string): Promise<Running | null> {
  try {
    return Running.parse(JSON.parse(await readFile(fileIn(home), "utf8")));
  } catch {
    // Not there or not readable as it should be: the next start writes it anew.
    return null;
  }
}

export async function writeRunning(home: string, running: Running): Promise<void> {
  const part = `${fileIn(home)}.${randomUUID()}.part`;
  try {
    await writeFile(part, `${JSON.stringify(running)}\n`, { mode: 0o600 });
    await rename(part, fileIn(home));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** An address of the shell that runs already with this home, or null when none does. */
export async function askRunning({ port, secret }: Running): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/address`, {
      method: "POST",
      body: JSON.stringify({ token: secret }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return response.ok ? Answer.parse(await response.json()).url : null;
  } catch {
    // Nobody there, or something else than this app: either way no shell to join.
    return null;
  }
}

function fileIn(home: string): string {
  return path.join(home, "browser.json");
}
