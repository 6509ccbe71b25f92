import { create } from "zustand";
import type { AgentName } from "../../contract/agents.ts";

const key = (serverId: string) => `ai-infra.draft.${serverId}`;

/** What a person is writing to each server's team. It survives a reload. */
const useDrafts = create<Readonly<Record<string, string>>>()(() => ({}));

export function useDraftText(serverId: string): string {
  return useDrafts((drafts) => drafts[serverId] ?? stored(serverId));
}

export function setDraftText(serverId: string, text: string): void {
  localStorage.setItem(key(serverId), text);
  useDrafts.setState({ [serverId]: text });
}

/** Addresses what is being written to this agent. */
export function addressDraft(serverId: string, agent: AgentName): void {
  const text = useDrafts.getState()[serverId] ?? stored(serverId);
  setDraftText(serverId, `@${agent} ${text.replace(/^\s*@\w*\s*/, "")}`);
}

function stored(serverId: string): string {
  return localStorage.getItem(key(serverId)) ?? "";
}
