import { useEffect, useState } from "react";
import { ErrorCard } from "../errors/error-card.tsx";
import { useCall } from "../errors/use-call.ts";
import { Button } from "../ui/button.tsx";
import { localDoing, startLocal } from "./actions.ts";

const ASK_EVERY_MS = 700;

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
  const [doing, setDoing] = useState<string | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      // Missing one answer only means the words stay as they were.
      localDoing().then(setDoing, () => undefined);
    }, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="text-small text-dim">
      {doing ?? "The first start takes up to a minute."}
    </p>
  );
}
