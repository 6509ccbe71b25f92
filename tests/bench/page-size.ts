import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Bench } from "./figure.ts";

const RENDERER = path.resolve(import.meta.dirname, "../../out/renderer");

/** What the browser loads before the terminal or the highlighter is asked for: the page, its scripts and its styles. */
export const pageSize: Bench = {
  name: "page-size",
  unavailable: () => null,
  run: async () => {
    const page = readFileSync(path.join(RENDERER, "index.html"), "utf8");
    const loaded = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, name]) => name ?? "",
    );
    const first = loaded.reduce(
      (sum, name) => sum + gzipped(path.join(RENDERER, name)),
      gzipped(path.join(RENDERER, "index.html")),
    );
    const whole = readdirSync(path.join(RENDERER, "assets"))
      .filter((name) => /\.(js|css)$/.test(name))
      .reduce((sum, name) => sum + gzipped(path.join(RENDERER, "assets", name)), 0);
    return [
      {
        name: "page, gzipped, before terminal and highlighter",
        value: first / 1000,
        unit: "kB",
        baseline: { name: "budget", value: 450 },
        bar: { atMost: 1 },
      },
      {
        name: "the same, as a share of all scripts and styles",
        value: first / 1000,
        unit: "kB",
        baseline: { name: "all", value: whole / 1000 },
        bar: { atMost: 1 },
      },
    ];
  },
};

function gzipped(file: string): number {
  return gzipSync(readFileSync(file)).length;
}
