import { daemonClient } from "../../api/clients.ts";
import { deadline } from "../../api/retry.ts";
import { isChanged, readForm, toForm } from "./form.ts";
import { type AgentPlace, putEditing, readEditing } from "./store.ts";

const CALL_MS = 15_000;

/** Reads the definition. What a person has typed stays; its base is then the definition it was typed over. */
export async function loadDefinition(place: AgentPlace): Promise<void> {
  const before = readEditing(place);
  if (before && isChanged(readForm(before.form, before.loaded.definition))) return;
  await loadAnew(place);
}

/** Drops what was typed. */
export async function loadAnew(place: AgentPlace): Promise<void> {
  const loaded = await daemonClient(place.serverId).agents.get({ name: place.agent }, { signal: deadline(CALL_MS) });
  putEditing(place, { loaded, form: toForm(loaded.definition) });
}

export async function saveDefinition(place: AgentPlace): Promise<void> {
  const editing = readEditing(place);
  if (!editing) return;
  const { definition } = editing.loaded;
  const { change } = readForm(editing.form, definition);
  const request = { name: place.agent, change, revision: definition.revision };
  await daemonClient(place.serverId).agents.update(request, { signal: deadline(CALL_MS) });
  await loadAnew(place);
}

export async function resetDefinition(place: AgentPlace): Promise<void> {
  await daemonClient(place.serverId).agents.reset({ name: place.agent }, { signal: deadline(CALL_MS) });
  await loadAnew(place);
}
