import { toast } from "sonner";
import { AgentName, type WindowName } from "../../contract/agents.ts";
import type { Task } from "../../contract/tasks.ts";
import { tellFailure } from "../errors/tell-failure.ts";
import { cancelTask, pauseTask, resumeTask } from "../team/actions.ts";
import { addressDraft } from "../team/drafts.ts";
import { AGENT_LABELS, isActive } from "../team/situation.ts";
import { readTeam } from "../team/store.ts";
import type { Deed } from "../ui/menu.tsx";
import { go } from "./navigation.ts";
import { closeOtherTerminals, closeTerminal, openTerminal, toggleBeside, usePreferences } from "./preferences.ts";

/** What a right click on an agent offers. */
export function agentDeeds(serverId: string, agent: AgentName): readonly Deed[] {
  const { agents, tasks } = readTeam(serverId);
  const task = tasks[agents.find(({ name }) => name === agent)?.taskId ?? ""];
  const label = AGENT_LABELS[agent];
  return [
    { label: `Write to ${label}`, does: () => writeTo(serverId, agent) },
    { label: `Open the terminal of ${label}`, does: () => openTerminal(agent) },
    { label: `Settings of ${label}`, does: () => go("agents", agent) },
    ...(task && isActive(task.state) ? [{ label: "Show its task", does: () => go("tasks", task.id) }] : []),
    ...(task ? stopDeed(serverId, task) : []),
  ];
}

/** What a right click on a task offers. */
export function taskDeeds(serverId: string, task: Task): readonly Deed[] {
  return [
    { label: "Show the task", does: () => go("tasks", task.id) },
    { label: `Open the terminal of ${AGENT_LABELS[task.agent]}`, does: () => openTerminal(task.agent) },
    { label: "Copy the request", does: () => copy(task.request) },
    ...(task.result ? [{ label: "Copy the result", does: () => copy(task.result ?? "") }] : []),
    ...stopDeed(serverId, task),
  ];
}

/** What a right click on the tab of a terminal offers. */
export function tabDeeds(serverId: string, tab: WindowName): readonly Deed[] {
  const { tabs, beside, panelOpen, sheetOpen } = usePreferences.getState();
  const agent = AgentName.safeParse(tab);
  const closing = (panelOpen || sheetOpen) && tabs.includes(tab);
  return [
    { label: beside === tab ? "Stop showing it beside" : "Show it beside the others", does: () => toggleBeside(tab) },
    ...(agent.success
      ? [{ label: `Write to ${AGENT_LABELS[agent.data]}`, does: () => writeTo(serverId, agent.data) }]
      : []),
    ...(closing ? [{ label: "Close", does: () => closeTerminal(tab) }] : []),
    ...(closing && tabs.length > 1 ? [{ label: "Close the others", does: () => closeOtherTerminals(tab) }] : []),
  ];
}

/** What a right click on a message offers. */
export function messageDeeds(text: string): readonly Deed[] {
  const selected = getSelection()?.toString() ?? "";
  return [
    ...(selected ? [{ label: "Copy the selection", does: () => copy(selected) }] : []),
    { label: "Copy the message", does: () => copy(text) },
  ];
}

function stopDeed(serverId: string, task: Task): readonly Deed[] {
  if (!isActive(task.state)) return [];
  return [
    task.state === "paused"
      ? { label: "Resume the task", does: () => tellFailure(resumeTask(serverId, task.id)) }
      : { label: "Pause the task", does: () => tellFailure(pauseTask(serverId, task.id)) },
    { label: "Cancel the task", does: () => tellFailure(cancelTask(serverId, task.id)), danger: true },
  ];
}

function writeTo(serverId: string, agent: AgentName): void {
  addressDraft(serverId, agent);
  go("chat");
  // After the menu has given the focus back.
  requestAnimationFrame(() => setTimeout(() => document.getElementById("composer")?.focus()));
}

function copy(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast("Copied"),
    () => toast.error("The browser did not let the app copy"),
  );
}
