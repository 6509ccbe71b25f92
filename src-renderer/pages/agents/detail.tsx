import { ArrowLeft, SquareTerminal } from "lucide-react";
import { toast } from "sonner";
import type { AgentName } from "../../../contract/agents.ts";
import { go } from "../../app/navigation.ts";
import { openTerminal } from "../../app/preferences.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { Avatar } from "../../team/avatar.tsx";
import { AGENT_LABELS, AGENT_ROLES } from "../../team/situation.ts";
import { useLoadWhenLive } from "../../team/use-load-when-live.ts";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { loadAnew, loadDefinition, saveDefinition } from "./actions.ts";
import { isChanged, readForm } from "./form.ts";
import { LEVELS } from "./levels.ts";
import { Problems } from "./problems.tsx";
import { PromptEditor } from "./prompt-editor.tsx";
import { ResetButton } from "./reset-button.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { type AgentPlace, changeForm, type Editing, useEditing } from "./store.ts";

interface AgentDetailProps {
  readonly serverId: string;
  readonly agent: AgentName;
}

/** Who an agent is: its settings and what it is told, to look at and to change. */
export function AgentDetail({ serverId, agent }: AgentDetailProps) {
  const place = { serverId, agent };
  const editing = useEditing(place);
  const { busy, error, run } = useCall();
  const load = () => run(() => loadDefinition(place));
  useLoadWhenLive(load, `${serverId} ${agent}`);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[860px] flex-col gap-6 px-6 pt-4 max-phone:px-4">
        <Button look="quiet" size="small" className="-ml-2 self-start" onClick={() => go("agents")}>
          <ArrowLeft className="icon" aria-hidden />
          All agents
        </Button>
        {error && <ErrorCard error={error} actions={{ retry: () => void load() }} />}
        {!editing && busy && <Skeleton label="Reading the agent's definition" lines={8} />}
        {editing && <Whole place={place} editing={editing} />}
      </div>
    </div>
  );
}

interface WholeProps {
  readonly place: AgentPlace;
  readonly editing: Editing;
}

function Whole({ place, editing: { loaded, form } }: WholeProps) {
  const { definition, teamRules, folder, problems } = loaded;
  const read = readForm(form, definition);
  const onChange = (change: Partial<typeof form>) => changeForm(place, change);
  return (
    <>
      <Head agent={place.agent} />
      <Problems problems={problems} />
      <Section title="Settings">
        <SettingsForm form={form} errors={read.errors} changed={definition.changed} onChange={onChange} />
        <p className="text-small text-faint">
          Level {definition.settings.level}, {LEVELS[definition.settings.level]}
          {servers(Object.keys(definition.settings.mcpServers))}. Its level and its MCP servers change in{" "}
          <code className="inline-code">{folder}/agents.yaml</code> only.
        </p>
      </Section>
      <Section title="Prompt">
        <PromptEditor
          prompt={form.prompt}
          error={read.errors.prompt}
          teamRules={teamRules}
          isShipped={!definition.changed.includes("prompt")}
          onChange={(prompt) => onChange({ prompt })}
        />
      </Section>
      <SaveBar place={place} isDirty={isChanged(read)} isRight={Object.keys(read.errors).length === 0}>
        {definition.changed.some((key) => key !== "level") && <ResetButton place={place} />}
      </SaveBar>
    </>
  );
}

function servers(names: readonly string[]): string {
  return names.length === 0 ? "" : ` · MCP servers: ${names.join(", ")}`;
}

function Head({ agent }: { readonly agent: AgentName }) {
  return (
    <header className="flex flex-wrap items-center gap-3">
      <Avatar agent={agent} size="large" />
      <div className="min-w-0 flex-1">
        <h1 className="text-title leading-7">{AGENT_LABELS[agent]}</h1>
        <p className="text-dim">{AGENT_ROLES[agent]}</p>
      </div>
      <Button size="small" onClick={() => openTerminal(agent)}>
        <SquareTerminal className="icon size-3.5" aria-hidden />
        Terminal of {AGENT_LABELS[agent]}
      </Button>
    </header>
  );
}

interface SaveBarProps {
  readonly place: AgentPlace;
  readonly isDirty: boolean;
  readonly isRight: boolean;
  readonly children: React.ReactNode;
}

/** Stays in sight while something is not saved. */
function SaveBar({ place, isDirty, isRight, children }: SaveBarProps) {
  const { busy, error, run, clear } = useCall();
  const label = AGENT_LABELS[place.agent];
  const isOutdated = error?.code === "agents.changed_meanwhile";
  async function save(): Promise<void> {
    if (await run(() => saveDefinition(place))) toast.success(`Saved. In force with the next turn of ${label}`);
  }
  async function discard(): Promise<void> {
    if (await run(() => loadAnew(place))) clear();
  }
  return (
    <div className="sticky bottom-0 -mx-1 flex flex-col gap-3 border-t border-line bg-bg px-1 py-3">
      {error && <ErrorCard error={error} actions={{ retry: () => void save() }} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" busy={busy} disabled={!isDirty || !isRight || isOutdated} onClick={() => void save()}>
          Save changes
        </Button>
        {isDirty && (
          <Button disabled={busy} onClick={() => void discard()}>
            {isOutdated ? "Drop my changes and show it as it is now" : "Drop my changes"}
          </Button>
        )}
        <span className="flex-1" />
        {children}
      </div>
    </div>
  );
}
