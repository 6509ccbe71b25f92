// The daemon as one ESM file that runs on a server which has nothing but the uploaded Node.
import { isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./setup.mjs";

const tracing = ["context-async-hooks", "core", "exporter-*", "sdk-*"];

/**
 * All roles are in one file, and ESM loads what a file imports before anything of it runs. So that a console does not
 * carry what only the daemon needs, modules of Node are loaded by the code that uses them.
 * @type {import("esbuild").Plugin}
 */
const builtinsOnDemand = {
  name: "builtins-on-demand",
  setup(bundler) {
    bundler.onResolve({ filter: /./ }, ({ path: name }) =>
      isBuiltin(name) ? { path: name, namespace: "builtin", sideEffects: false } : undefined,
    );
    bundler.onLoad({ filter: /./, namespace: "builtin" }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
    }));
  },
};

/**
 * Error texts of zod in fifty languages: a quarter of a megabyte in the memory of each of seven processes.
 * @type {import("esbuild").Plugin}
 */
const withoutLocales = {
  name: "without-locales",
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({ contents: "export {};" }));
  },
};

/**
 * The shipped definitions of agents, as texts within the bundle.
 * @type {import("esbuild").Plugin}
 */
const shippedAgents = {
  name: "shipped-agents",
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]pai[/\\]agents[/\\]shipped\.ts$/ }, async ({ path: file }) => {
      const { SHIPPED } = await import(pathToFileURL(file).href);
      return { contents: `export const SHIPPED = ${JSON.stringify(SHIPPED)};` };
    });
  },
};

/**
 * The client of Qdrant brings an HTTP client for timeouts that ours are shorter than: half a megabyte in each process.
 * @type {import("esbuild").Plugin}
 */
const withoutUndici = {
  name: "without-undici",
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]js-client-rest[/\\]dist[/\\]esm[/\\]dispatcher\.js$/ }, () => ({
      contents: "export const createDispatcher = () => undefined;",
    }));
  },
};

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
    plugins: [builtinsOnDemand, withoutLocales, withoutUndici, shippedAgents],
    // DBOS loads these only when tracing is on, which it never is here. Not `@opentelemetry/api`: others import it always.
    external: ["winston", "winston-transport", ...tracing.map((name) => `@opentelemetry/${name}`), "pg-native"],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}
