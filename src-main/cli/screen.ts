import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { AppError, type WireError } from "../../contract/errors.ts";

/** Where a command speaks: answers on standard output, everything beside them on standard error. */
export interface Screen {
  readonly json: boolean;
  /** Whether a person sits in front of it. */
  readonly isInteractive: boolean;
  /** A line of the answer; nothing with `--json`. */
  print(text: string): void;
  /** Part of a line of the answer; nothing with `--json`. */
  write(text: string): void;
  /** A line beside the answer; nothing with `--json`. */
  note(text: string): void;
  /** One line of JSON; nothing without `--json`. */
  event(event: object): void;
  ask(question: string): Promise<string>;
  /** Without echo. */
  askHidden(question: string): Promise<string>;
}

export function createScreen(json: boolean, signal: AbortSignal): Screen {
  const { stdin, stdout, stderr } = process;
  const ask = async (question: string, output: Writable) => {
    const lines = createInterface({ input: stdin, output, terminal: true });
    try {
      return await lines.question(question, { signal });
    } catch (cause) {
      throw new AppError("app.cancelled", "Cancelled", { cause });
    } finally {
      lines.close();
    }
  };
  return {
    json,
    isInteractive: stdin.isTTY && stderr.isTTY,
    print: (text) => void (json || stdout.write(`${text}\n`)),
    write: (text) => void (json || stdout.write(text)),
    note: (text) => void (json || stderr.write(`${text}\n`)),
    event: (event) => void (json && stdout.write(`${JSON.stringify(event)}\n`)),
    ask: (question) => ask(question, stderr),
    async askHidden(question) {
      stderr.write(question);
      const answer = await ask("", new Writable({ write: (...[, , done]) => done() }));
      stderr.write("\n");
      return answer;
    },
  };
}

/** An error as the last words of a command. */
export function printError(screen: Screen, error: WireError): void {
  const { code, message, hint, details } = error;
  screen.event({ ok: false, code, message, hint, details });
  screen.note(`Error: ${message}`);
  if (details) screen.note(indent(details));
  if (hint) screen.note(hint);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
