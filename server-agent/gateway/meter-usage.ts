export interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Reads the token counts out of an answer that passes by, streamed or whole, and keeps nothing else. */
export function meterUsage(): { add(chunk: Uint8Array): void; read(): Tokens } {
  const decoder = new TextDecoder();
  let tail = "";
  let inputTokens = 0;
  let outputTokens = 0;
  return {
    add(chunk) {
      const text = tail + decoder.decode(chunk, { stream: true });
      inputTokens = lastCount(text, "input_tokens") ?? inputTokens;
      outputTokens = lastCount(text, "output_tokens") ?? outputTokens;
      tail = text.slice(-64);
    },
    read: () => ({ inputTokens, outputTokens }),
  };
}

function lastCount(text: string, name: string): number | null {
  const found = [...text.matchAll(new RegExp(`"${name}":\\s*(\\d+)(?=[,}\\s])`, "g"))].at(-1);
  return found?.[1] === undefined ? null : Number(found[1]);
}
