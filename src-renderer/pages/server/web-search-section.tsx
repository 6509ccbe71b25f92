import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { hasTeam, type ServerView } from "../../../contract/servers.ts";
import { BRAVE_SEARCH_URL, type SearchProviderName, type WebSearch } from "../../../contract/web-search.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { setWebSearch } from "../../servers/actions.ts";
import { useTeam } from "../../team/store.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, type Option } from "../../ui/choice.tsx";
import { Field } from "../../ui/field.tsx";
import { Section } from "../../ui/section.tsx";
import { whereKept } from "./where-kept.ts";

type Provider = SearchProviderName | "model";

const LABELS: Readonly<Record<Provider, string>> = {
  model: "The model's own",
  searxng: "SearXNG",
  brave: "Brave Search",
};
const OPTIONS: readonly Option<Provider>[] = [
  { value: "model", label: LABELS.model, about: "Anthropic searches and bills it. The simulated model has no search." },
  { value: "searxng", label: LABELS.searxng, about: "A search engine you run yourself, with its JSON format on." },
  { value: "brave", label: LABELS.brave, about: "Needs a key of the Brave Search API, which bills its use." },
];

/** Who searches the web for agents. */
export function WebSearchSection({ view }: { readonly view: ServerView }) {
  const status = useTeam((team) => team.status);
  const inUse = status?.webSearch ?? null;
  const [choice, setChoice] = useState<Provider | null>(null);
  if (!hasTeam(view)) return null;
  const used: Provider = inUse?.provider ?? "model";
  const provider = choice ?? used;
  const side = status && (
    <span className="text-small text-faint">In use: {used === "model" ? "the model's own" : LABELS[used]}</span>
  );
  return (
    <Section title="Web search" side={side}>
      <Choice label="Web search" value={provider} options={OPTIONS} onChange={setChoice} />
      {provider !== "model" && <ProviderForm key={provider} view={view} provider={provider} inUse={inUse} />}
      {provider === "model" && inUse && <BackToModel view={view} />}
    </Section>
  );
}

interface ProviderFormProps {
  readonly view: ServerView;
  readonly provider: SearchProviderName;
  readonly inUse: WebSearch | null;
}

function ProviderForm({ view, provider, inUse }: ProviderFormProps) {
  const known = inUse?.provider === provider ? inUse.url : null;
  const [url, setUrl] = useState(known ?? (provider === "brave" ? BRAVE_SEARCH_URL : ""));
  const [key, setKey] = useState("");
  const { busy, error, run } = useCall();
  const { id, name } = view.server;
  const mayKeepKey = known === url.trim();
  const needsKey = provider === "brave" && !mayKeepKey;
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wish = { search: { provider, url: url.trim() }, key: key.trim() || null };
    if (!(await run(() => setWebSearch(id, wish)))) return;
    setKey("");
    toast.success(`Agents on ${name} search with ${LABELS[provider]}`);
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-2">
        <Field
          className="min-w-60 flex-1"
          label="Address"
          mono
          placeholder="https://search.example"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <Field
          className="min-w-60 flex-1"
          label={provider === "brave" ? "Key" : "Key, if a proxy in front of it asks for one"}
          type="password"
          mono
          autoComplete="off"
          placeholder={mayKeepKey ? "Empty: the one it has" : ""}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button type="submit" busy={busy} disabled={url.trim() === "" || (needsKey && key.trim().length < 8)}>
          Search with {LABELS[provider]}
        </Button>
      </div>
      <p className="text-small text-faint">
        The key is kept {whereKept(view)}. It is never shown again, agents never hold it, and it goes to this address
        only. The team restarts; its work goes on.
      </p>
      {error && <ErrorCard error={error} />}
    </form>
  );
}

function BackToModel({ view }: { readonly view: ServerView }) {
  const { busy, error, run } = useCall();
  return (
    <div className="flex flex-col items-start gap-3">
      {error && <ErrorCard error={error} />}
      <Button busy={busy} onClick={() => void run(() => setWebSearch(view.server.id, { search: null, key: null }))}>
        Search with the model's own provider and forget the key
      </Button>
    </div>
  );
}
