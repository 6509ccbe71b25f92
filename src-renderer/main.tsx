import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/app.css";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import { App } from "./app/app.tsx";
import { preloadMarkdown } from "./ui/lazy-markdown.tsx";
import { startApp } from "./app/start.ts";

// The content security policy forbids `eval`, which zod would otherwise probe for.
z.config({ jitless: true });

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
startApp();
preloadMarkdown();
createRoot(root).render(<App />);
