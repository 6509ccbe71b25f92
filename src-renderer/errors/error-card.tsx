import { CircleAlert } from "lucide-react";
import type { WireError } from "../../contract/errors.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Folded, Output } from "../ui/folded.tsx";
import { ACTION_LABELS, ERROR_TABLE, type ErrorAction } from "./error-table.ts";

interface ErrorCardProps {
  readonly error: WireError;
  /** What each action does here; an action without a way to do it shows no button. */
  readonly actions?: Partial<Record<ErrorAction, () => void>>;
  readonly busy?: boolean;
}

/** What happened, what to try, details folded. */
export function ErrorCard({ error, actions = {}, busy = false }: ErrorCardProps) {
  const words = ERROR_TABLE[error.code];
  const act = words.action && actions[words.action];
  return (
    <div
      role="alert"
      className="card flex gap-3 border-[color-mix(in_oklab,var(--bad)_45%,var(--line))] bg-bad-soft px-4 py-3"
    >
      <CircleAlert className="icon mt-0.5 text-bad" aria-hidden />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <p className="font-heavy">{words.title}</p>
        <p className="wrap-anywhere">{error.message}</p>
        {error.hint && <p className="text-dim wrap-anywhere">{error.hint}</p>}
        {error.details && (
          <Folded summary="Details">
            <div className="flex items-start gap-1">
              <div className="min-w-0 flex-1">
                <Output text={error.details} label="Details of the error" />
              </div>
              <CopyButton text={`${error.code}: ${error.message}\n${error.details}`} label="Copy details" />
            </div>
          </Folded>
        )}
        {act && words.action && (
          <div className="mt-1">
            <Button size="small" onClick={act} busy={busy}>
              {ACTION_LABELS[words.action]}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
