import path from "node:path";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type UserConfig } from "vite";

const at = (folder: string) => path.join(import.meta.dirname, folder);

/** How the page is built, for every shell. */
export const renderer = {
  root: at("src-renderer"),
  base: "./",
  plugins: [react(), tailwind()],
  build: {
    outDir: at("out/renderer"),
    emptyOutDir: true,
    minify: true,
    target: "es2024",
    chunkSizeWarningLimit: 1024,
    rolldownOptions: { input: { index: at("src-renderer/index.html") } },
  },
} satisfies UserConfig;

export default defineConfig(renderer);
