import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Gives back what is no longer used. V8 itself does so only under pressure, and an idle process has none. */
export function releaseMemory(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
