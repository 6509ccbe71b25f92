// The daemon as one ESM file that runs on a server which has nothing but the uploaded Node.
import path from "node:path";
import { build } from "esbuild";
import { root } from "./setup.mjs";

const tracing = ["context-async-hooks", "core", "exporter-*", "sdk-*"];

/** @param {string} outfile @param {string} [entry] */
export async function bundleDaemon(outfile, entry = path.join(root, "server-agent", "main.ts")) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // DBOS loads these only when tracing is on, which it never is here. Not `@opentelemetry/api`: others import it always.
    external: ["winston", "winston-transport", ...tracing.map((name) => `@opentelemetry/${name}`), "pg-native"],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}
