import { AgentName } from "../../../contract/agents.ts";

/** The beginning of an agent's name being typed after a leading @, up to the cursor; null elsewhere. */
export function mentionAt(text: string, cursor: number): string | null {
  if (cursor < 1) return null;
  return /^\s*@(\w*)$/.exec(text.slice(0, cursor))?.[1]?.toLowerCase() ?? null;
}

/** `@code add a test` is "add a test", for code. A name that is not an agent's stays part of the text. */
export function splitMention(text: string): { readonly agent: AgentName | null; readonly text: string } {
  const match = /^\s*@(\w+)[\s,:]*(.*)$/s.exec(text);
  const agent = AgentName.safeParse(match?.[1]?.toLowerCase());
  if (!match || !agent.success) return { agent: null, text: text.trim() };
  return { agent: agent.data, text: (match[2] ?? "").trim() };
}
