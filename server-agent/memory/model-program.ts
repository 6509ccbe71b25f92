import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { MEMORY_MODEL } from "../../contract/memory-model.ts";
import type { EmbedAnswer, EmbedRequest } from "./embed-message.ts";

/**
 * Turns texts into vectors, in a process of its own: its 300 MB are given back when it ends. It talks over the channel
 * to the daemon, which started it, and ends with it.
 */
interface Engine {
  embed(texts: readonly string[]): number[][];
}
type EngineModule = {
  readonly Embedder: new (weights: Uint8Array, tokenizer: Uint8Array, config: Uint8Array, maxTokens: number) => Engine;
};

function openEngine(folder: string): Engine {
  const { Embedder } = createRequire(import.meta.url)("./engine.cjs") as EngineModule;
  const read = (file: string) => readFileSync(path.join(folder, file));
  const [weights, tokenizer] = [read("model.fp16.safetensors"), read("tokenizer.json")];
  return new Embedder(weights, tokenizer, read("config.json"), MEMORY_MODEL.maxTokens);
}

let engine: Engine | undefined;

function answer({ id, texts }: EmbedRequest): EmbedAnswer {
  try {
    engine ??= openEngine(import.meta.dirname);
    return { id, vectors: engine.embed(texts).map((vector) => Float32Array.from(vector)) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

process.on("message", (request: EmbedRequest) => {
  process.send?.(answer(request));
});
process.once("disconnect", () => process.exit(0));
