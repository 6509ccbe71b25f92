import { useState } from "react";
import { Segments } from "../../ui/choice.tsx";
import { Folded } from "../../ui/folded.tsx";
import { LazyMarkdown } from "../../ui/lazy-markdown.tsx";
import { TextArea } from "../../ui/text-area.tsx";

interface PromptEditorProps {
  readonly prompt: string;
  readonly error: string | undefined;
  /** What every agent is told before. */
  readonly teamRules: string;
  readonly isShipped: boolean;
  readonly onChange: (prompt: string) => void;
}

type View = "write" | "preview";
const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: "write", label: "Write" },
  { value: "preview", label: "Preview" },
];

/** What the agent is told, as text and as it reads. */
export function PromptEditor({ prompt, error, teamRules, isShipped, onChange }: PromptEditorProps) {
  const [view, setView] = useState<View>("write");
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segments label="View of the prompt" value={view} options={VIEWS} onChange={setView} />
        <span className="text-small text-faint">
          {prompt.length.toLocaleString("en")} characters{isShipped ? "" : " · not as shipped"}
        </span>
      </div>
      {view === "write" ? (
        <TextArea
          label="Prompt"
          value={prompt}
          rows={24}
          error={error}
          onChange={({ target }) => onChange(target.value)}
        />
      ) : (
        <section aria-label="Prompt as it reads" className="card px-4 py-3">
          <LazyMarkdown text={prompt} />
        </section>
      )}
      <Folded summary="Before it every agent is told the rules of the team">
        <div className="card px-4 py-3">
          <LazyMarkdown text={teamRules} />
        </div>
      </Folded>
    </div>
  );
}
