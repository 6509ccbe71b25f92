import path from "node:path";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const here = (file: string) => path.resolve(import.meta.dirname, file);

/**
 * Three bundles into `out/`. Only `electron` and the packages under `dependencies` stay imports, so the packaged app
 * needs no other node_modules.
 */
export default defineConfig({
  main: {
    build: {
      outDir: here("out/main"),
      rolldownOptions: {
        input: { index: here("src-main/electron/main.ts") },
        output: { format: "es" },
        // Native parts that ssh2 tries and does without: they would fit one version of Electron only.
        external: ["cpu-features", /\.node$/],
      },
    },
  },
  preload: {
    build: {
      outDir: here("out/preload"),
      // A sandboxed preload may require nothing but `electron`, and cannot be an ES module.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: here("src-main/electron/preload.ts") },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: here("src-renderer"),
    plugins: [react(), tailwind()],
    build: {
      outDir: here("out/renderer"),
      minify: true,
      // The content security policy allows no data: fonts.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: here("src-renderer/index.html") } },
    },
  },
});
