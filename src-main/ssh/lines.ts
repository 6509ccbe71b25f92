import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into whole lines; what has no end yet waits for more. */
export function lineReader(onLine: (line: string) => void): { push(bytes: Buffer): void; end(): void } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return {
    push(bytes) {
      const parts = (rest + decoder.write(bytes)).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) onLine(shownLine(part));
    },
    end() {
      rest += decoder.end();
      if (rest) onLine(shownLine(rest));
      rest = "";
    },
  };
}

/** What a terminal would show of a line: programs that report progress write over it with carriage returns. */
export function shownLine(line: string): string {
  const written = line.replace(/\r+$/, "");
  return written.slice(written.lastIndexOf("\r") + 1);
}
