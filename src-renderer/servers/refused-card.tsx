import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import type { Connection, HostKey, Server } from "../../contract/servers.ts";
import { ErrorCard } from "../errors/error-card.tsx";
import { useCall } from "../errors/use-call.ts";
import { Button } from "../ui/button.tsx";
import { connectServer, replaceHostKey } from "./actions.ts";
import { Fingerprint } from "./fingerprint.tsx";

interface RefusedCardProps {
  readonly server: Server;
  readonly connection: Extract<Connection, { state: "refused" }>;
}

/** Connecting stopped until a person acts. A changed host key shows both keys. */
export function RefusedCard({ server, connection }: RefusedCardProps) {
  const { busy, error, run } = useCall();
  const { expected, found, jumpHost } = connection;
  if (connection.error.code === "connection.host_key_changed" && expected && found) {
    return <ChangedKey server={server} keys={{ expected, found, jumpHost }} />;
  }
  return (
    <ErrorCard
      error={error ?? connection.error}
      busy={busy}
      actions={{ reconnect: () => void run(() => connectServer(server.id)) }}
    />
  );
}

interface ChangedKeyProps extends Pick<RefusedCardProps, "server"> {
  readonly keys: { readonly expected: HostKey; readonly found: HostKey; readonly jumpHost: string | undefined };
}

function ChangedKey({ server, keys: { expected, found, jumpHost } }: ChangedKeyProps) {
  const who = jumpHost === undefined ? server.name : `The jump host ${jumpHost}`;
  const { busy, error, run } = useCall();
  const [verified, setVerified] = useState(false);
  return (
    <section aria-label="Changed host key" className="card flex flex-col gap-3 border-bad bg-panel p-5">
      <div className="flex items-center gap-2.5">
        <ShieldAlert className="size-5 text-bad" strokeWidth={1.7} aria-hidden />
        <h2 className="text-large">{who} shows a different key than before</h2>
      </div>
      <p className="text-dim">
        Either it was installed anew, or someone stands between you and it. Nothing was sent: no password, no key, no
        command.
      </p>
      <Fingerprint hostKey={expected} label="Known from before" />
      <Fingerprint hostKey={found} label="Shown today" tone="bad" />
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-accent"
          checked={verified}
          onChange={(event) => setVerified(event.target.checked)}
        />
        <span>I compared the fingerprint of today with its own, on another way than this one.</span>
      </label>
      {error && <ErrorCard error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button
          look="danger"
          disabled={!verified}
          busy={busy}
          onClick={() => void run(() => replaceHostKey(server.id, found.fingerprint))}
        >
          Trust the key of today
        </Button>
      </div>
    </section>
  );
}
