import { toWireError } from "../../contract/errors.ts";
import { createBubblewrap } from "./bubblewrap.ts";

const CHECK_TIMEOUT_MS = 10_000;

/** Proves by running one command that commands run, and that they see no network. */
export async function checkSandbox(
  workspace: string,
): Promise<{ readonly state: "up" | "down"; readonly detail: string }> {
  let output = "";
  try {
    const end = await createBubblewrap(workspace).run("bwrap --version; cat /proc/net/dev", {
      cwd: workspace,
      timeoutMs: CHECK_TIMEOUT_MS,
      onOutput: (text) => {
        output += text;
      },
    });
    if (end.code !== 0)
      return { state: "down", detail: `a test command ended with ${String(end.code)}: ${output.trim()}` };
    const interfaces = [...output.matchAll(/^\s*([^\s:|]+):/gm)].map(([, name]) => name);
    if (interfaces.some((name) => name !== "lo")) return { state: "down", detail: "commands can see the network" };
    return { state: "up", detail: output.split("\n")[0] ?? "" };
  } catch (error) {
    const wire = toWireError(error);
    return { state: "down", detail: [wire.message, wire.details].filter(Boolean).join(": ") };
  }
}
