import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { AppError } from "../../contract/errors.ts";

const MAX_CHARACTERS = 512 * 1024;
const WITHIN_MS = 5_000;

/** The first line, which must come soon and whole. `onGone` is called when the caller hangs up after it. */
export async function readRequest(input: Readable, onGone: () => void): Promise<string> {
  return await new Promise((resolve, reject) => {
    const decoder = new StringDecoder("utf8");
    let text = "";
    let isRead = false;
    const refuse = (message: string): void => {
      clearTimeout(timer);
      reject(new AppError("app.bad_input", message));
    };
    const timer = setTimeout(() => refuse("No request came"), WITHIN_MS);
    const gone = (): void => {
      if (isRead) onGone();
      else refuse("The request ended before its line did");
    };
    input.on("end", gone).on("close", gone).on("error", gone);
    input.on("data", (piece: Buffer) => {
      if (isRead) return;
      text += decoder.write(piece);
      const end = text.indexOf("\n");
      if (end === -1 && text.length > MAX_CHARACTERS) refuse("The request is too long");
      if (end === -1) return;
      isRead = true;
      clearTimeout(timer);
      resolve(text.slice(0, end));
    });
  });
}
