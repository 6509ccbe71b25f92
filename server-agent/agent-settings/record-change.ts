import { isDeepStrictEqual } from "node:util";
import type { AgentDefinition } from "../../contract/agent-settings.ts";
import type { AuditDraft } from "../store/append-audit.ts";

/** `api`: by a person through an app; `file`: found in the override files. */
export interface RecordedChange {
  readonly by: "api" | "file";
  readonly before: AgentDefinition;
  readonly after: AgentDefinition;
}

/** What the audit trail says of a change: each setting before and after, and the prompt when it changed. */
export function recordOf({ by, before, after }: RecordedChange): AuditDraft {
  const settings = Object.entries(after.settings).flatMap(([key, value]) => {
    const old = before.settings[key as keyof AgentDefinition["settings"]];
    return isDeepStrictEqual(value, old) ? [] : [[key, { before: old, after: value }]];
  });
  const prompt = before.prompt === after.prompt ? {} : { prompt: { before: before.prompt, after: after.prompt } };
  return { kind: "agent_changed", agent: after.name, detail: { by, ...Object.fromEntries(settings), ...prompt } };
}
