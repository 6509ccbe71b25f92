import { print, SILENT, type HookExit } from "./hook.ts";

/** Null: nothing against it. */
export type Verdict = { readonly decision: "deny" | "ask"; readonly reason: string } | null;

export function deny(reason: string): Verdict {
  return { decision: "deny", reason };
}

export function ask(reason: string): Verdict {
  return { decision: "ask", reason };
}

/** The first refusal, else the first question. */
export function strictest(verdicts: readonly Verdict[]): Verdict {
  return (
    verdicts.find((verdict) => verdict?.decision === "deny") ?? verdicts.find((verdict) => verdict !== null) ?? null
  );
}

export function answer(verdict: Verdict): HookExit {
  if (verdict === null) return SILENT;
  const output = {
    hookEventName: "PreToolUse",
    permissionDecision: verdict.decision,
    permissionDecisionReason: verdict.reason,
  };
  return print(JSON.stringify({ hookSpecificOutput: output }));
}
