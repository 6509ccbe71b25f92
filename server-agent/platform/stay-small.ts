import process from "node:process";
import { releaseMemory } from "./release-memory.ts";

const LOOK_EVERY_MS = 10_000;
/** Of a core, from one look to the next: less is a process that only waits. */
const IDLE_SHARE = 0.05;
const GROWN_BYTES = 8 * 1024 * 1024;

/** Until `lifetime` ends: gives back what work has left as soon as there is nothing to do. */
export function staySmall(lifetime: AbortSignal, lookEveryMs = LOOK_EVERY_MS): void {
  releaseMemory();
  let [released, before] = [process.memoryUsage.rss(), process.cpuUsage()];
  const look = (): void => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const isIdle = (user + system) / 1000 < lookEveryMs * IDLE_SHARE;
    if (!isIdle || process.memoryUsage.rss() < released + GROWN_BYTES) return;
    releaseMemory();
    released = process.memoryUsage.rss();
  };
  const timer = setInterval(look, lookEveryMs);
  lifetime.addEventListener("abort", () => clearInterval(timer), { once: true });
}
