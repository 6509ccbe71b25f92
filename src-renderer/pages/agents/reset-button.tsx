import { useState } from "react";
import { toast } from "sonner";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogButtons } from "../../ui/dialog.tsx";
import { resetDefinition } from "./actions.ts";
import type { AgentPlace } from "./store.ts";

/** Asks, because the prompt that goes cannot be brought back. */
export function ResetButton({ place }: { readonly place: AgentPlace }) {
  const [open, setOpen] = useState(false);
  const { busy, error, run } = useCall();
  const label = AGENT_LABELS[place.agent];
  async function reset(): Promise<void> {
    if (!(await run(() => resetDefinition(place)))) return;
    setOpen(false);
    toast.success(`${label} is as shipped again`);
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>Reset to shipped…</Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Reset ${label} to what was shipped?`}
        about="Its settings and its prompt on this server are dropped and cannot be brought back. Its level stays."
      >
        {error && <ErrorCard error={error} />}
        <DialogButtons>
          <Button onClick={() => setOpen(false)}>Keep them</Button>
          <Button look="danger" busy={busy} onClick={() => void reset()}>
            Reset {label}
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}
