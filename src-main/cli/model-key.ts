import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { AppError } from "../../contract/errors.ts";
import type { Options } from "./context.ts";
import type { Screen } from "./screen.ts";

interface Asked {
  readonly options: Pick<Options, "key-file">;
  readonly screen: Screen;
}

/** The Anthropic API key: from a file, from standard input (`-`), or asked for. Never from an argument. Null: none given. */
export async function readModelKey(context: Asked): Promise<string | null> {
  return await readSecret(context, "Anthropic API key (empty: keep the one it has): ");
}

/** The same for any key. */
export async function readSecret({ options, screen }: Asked, question: string): Promise<string | null> {
  const file = options["key-file"];
  if (file === undefined && !screen.isInteractive) return null;
  const given = file === undefined ? await screen.askHidden(question) : await read(file);
  return given.trim() || null;
}

async function read(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new AppError("app.bad_input", `The key file ${file} cannot be read`, { cause });
  });
}
