import { ErrorCard } from "../errors/error-card.tsx";
import { useCall } from "../errors/use-call.ts";
import { Button } from "../ui/button.tsx";
import { startLocal } from "./actions.ts";
import { useLocalDoing } from "./local-doing.ts";

interface LocalStartProps {
  readonly onStarted: () => void;
}

/** Starts the team on this computer and says what is being done meanwhile. */
export function LocalStart({ onStarted }: LocalStartProps) {
  const { busy, error, run } = useCall();
  const start = async () => {
    if (await run(() => startLocal("simulated"))) onStarted();
  };
  return (
    <div className="flex flex-col gap-3">
      {error && <ErrorCard error={error} busy={busy} actions={{ retry: () => void start() }} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" busy={busy} onClick={() => void start()}>
          {busy ? "Starting" : "Start on this computer"}
        </Button>
        {busy && <Doing />}
      </div>
    </div>
  );
}

function Doing() {
  const doing = useLocalDoing();
  return (
    <p role="status" className="text-small text-dim">
      {doing ?? "The first start takes up to a minute."}
    </p>
  );
}
