import { DaemonStatus } from "../contract/status.ts";

/** What a daemon said and logged, with each status it gave as the lines that say what is not well. */
export function describeHealth(output: string): string {
  return output.trim().split("\n").flatMap(describeLine).join("\n");
}

function describeLine(line: string): string[] {
  const status = parseStatus(line);
  if (!status) return [line];
  return [
    ...status.services.filter(({ state }) => state === "down").map(({ name, detail }) => `${name} is down: ${detail}`),
    ...status.agents
      .filter(({ state }) => state === "offline" || state === "held")
      .map(({ name, state, hold }) => `${name} is ${state}${hold ? `: ${hold.reason}` : ""}`),
  ];
}

function parseStatus(line: string): DaemonStatus | null {
  if (!line.startsWith("{")) return null;
  try {
    return DaemonStatus.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null; // a line of the log that begins like one
  }
}
