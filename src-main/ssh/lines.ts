import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into whole lines; what has no end yet waits for more. */
export function lineReader(onLine: (line: string) => void): { push(bytes: Buffer): void; end(): void } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return {
    push(bytes) {
      const parts = (rest + decoder.write(bytes)).split(/\r?\n/);
      rest = parts.pop() ?? "";
      for (const part of parts) onLine(part);
    },
    end() {
      rest += decoder.end();
      if (rest) onLine(rest);
      rest = "";
    },
  };
}
