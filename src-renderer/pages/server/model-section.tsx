import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import type { ServerView } from "../../../contract/servers.ts";
import type { ModelName } from "../../../contract/status.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { setModelKey, startLocal } from "../../servers/actions.ts";
import { useTeam } from "../../team/store.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, type Option } from "../../ui/choice.tsx";
import { Field } from "../../ui/field.tsx";
import { wish } from "./actions.ts";
import { Section } from "../../ui/section.tsx";
import { useProvisioning } from "./store.ts";
import { whereKept } from "./where-kept.ts";

const OPTIONS: readonly Option<ModelName>[] = [
  {
    value: "simulated",
    label: "Simulated",
    about: "Costs nothing and needs no key. Does a small set of plain requests for real, and says so.",
  },
  { value: "anthropic", label: "Anthropic", about: "Thinks for itself. Needs an API key; Anthropic bills its use." },
];

/** Which model the team thinks with, and the key for it. */
export function ModelSection({ view }: { readonly view: ServerView }) {
  const { id, place } = view.server;
  const inUse = useTeam((team) => team.status?.model ?? null);
  const chosen = useProvisioning(id).wishes.model;
  const local = place.kind === "local";
  const [localChoice, setLocalChoice] = useState<ModelName | null>(null);
  const model = (local ? localChoice : chosen) ?? inUse ?? "simulated";
  const side = inUse && (
    <span className="text-small text-faint">In use: {inUse === "simulated" ? "simulated" : "Anthropic"}</span>
  );
  const change = (next: ModelName) => (local ? setLocalChoice(next) : void wish(id, { model: next }));
  return (
    <Section title="Model" side={side}>
      <Choice label="Model" value={model} options={OPTIONS} onChange={change} />
      {model === "anthropic" && <KeyForm view={view} />}
      {local && model !== inUse && inUse && <LocalSwitch model={model} />}
      {!local && inUse && model !== inUse && (
        <p className="text-dim">The plan above shows what the change takes. It counts from the next run on.</p>
      )}
    </Section>
  );
}

function LocalSwitch({ model }: { readonly model: ModelName }) {
  const { busy, error, run } = useCall();
  return (
    <div className="flex flex-col items-start gap-3">
      {error && <ErrorCard error={error} />}
      <Button busy={busy} onClick={() => void run(() => startLocal(model))}>
        Restart the team with {model === "simulated" ? "the simulated model" : "Anthropic"}
      </Button>
    </div>
  );
}

function KeyForm({ view }: { readonly view: ServerView }) {
  const [key, setKey] = useState("");
  const { busy, error, run } = useCall();
  const { id, name } = view.server;
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!(await run(() => setModelKey(id, key.trim())))) return;
    setKey("");
    toast.success(`The key is stored on ${name}`);
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-2">
        <Field
          className="min-w-60 flex-1"
          label="Anthropic API key"
          type="password"
          mono
          placeholder="sk-ant-…"
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button type="submit" busy={busy} disabled={key.trim().length < 8}>
          Store the key
        </Button>
      </div>
      <p className="text-small text-faint">
        Kept {whereKept(view)}. It is never shown again; storing another one replaces it.
      </p>
      {error && <ErrorCard error={error} />}
    </form>
  );
}
