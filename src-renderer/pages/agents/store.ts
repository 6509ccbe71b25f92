import type { InferContractRouterOutputs } from "@orpc/contract";
import { create } from "zustand";
import type { agents } from "../../../contract/agent-settings.ts";
import type { AgentName } from "../../../contract/agents.ts";
import type { Form } from "./form.ts";

export type Loaded = InferContractRouterOutputs<typeof agents>["get"];

/** An agent's definition as it was read, and what a person is making of it. */
export interface Editing {
  readonly loaded: Loaded;
  readonly form: Form;
}

/** Kept while the app runs, so that nothing typed is lost on the way to another page. */
const useStore = create<{ readonly all: Readonly<Record<string, Editing>> }>()(() => ({ all: {} }));

export interface AgentPlace {
  readonly serverId: string;
  readonly agent: AgentName;
}

const keyOf = ({ serverId, agent }: AgentPlace): string => `${serverId}/${agent}`;

export function useEditing(place: AgentPlace): Editing | null {
  return useStore(({ all }) => all[keyOf(place)] ?? null);
}

export function readEditing(place: AgentPlace): Editing | null {
  return useStore.getState().all[keyOf(place)] ?? null;
}

export function putEditing(place: AgentPlace, editing: Editing): void {
  useStore.setState(({ all }) => ({ all: { ...all, [keyOf(place)]: editing } }));
}

export function changeForm(place: AgentPlace, change: Partial<Form>): void {
  const editing = readEditing(place);
  if (editing) putEditing(place, { ...editing, form: { ...editing.form, ...change } });
}
