import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { AuditAlarm } from "../../contract/audit-check.ts";
import { faultWords } from "../../contract/audit-words.ts";
import type { Server } from "../../contract/servers.ts";
import { ErrorCard } from "../errors/error-card.tsx";
import { useCall } from "../errors/use-call.ts";
import { acknowledgeAlarm } from "../servers/actions.ts";
import { selectServer, useServers } from "../servers/store.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogButtons } from "../ui/dialog.tsx";
import { exactTime } from "../ui/time.tsx";
import { go } from "./navigation.ts";

/** Trails that were changed, of whichever server, until a person acknowledges it. */
export function AuditBanners() {
  const alarmed = useServers(useShallow((state) => state.list.filter(({ auditAlarm }) => auditAlarm !== undefined)));
  return alarmed.map(
    ({ server, auditAlarm }) => auditAlarm && <AuditBanner key={server.id} server={server} alarm={auditAlarm} />,
  );
}

interface AuditBannerProps {
  readonly server: Server;
  readonly alarm: AuditAlarm;
}

function AuditBanner({ server, alarm }: AuditBannerProps) {
  const [asking, setAsking] = useState(false);
  function show(): void {
    selectServer(server.id);
    go("audit");
  }
  return (
    <div
      role="alert"
      className="fades-in flex min-h-9.5 flex-wrap items-center gap-x-2.5 gap-y-1.5 border-b border-[color-mix(in_oklab,var(--bad)_45%,var(--line))] bg-bad-soft px-4 py-1.5 text-[12.5px]"
    >
      <ShieldAlert className="icon text-bad" aria-hidden />
      <span className="min-w-0 flex-1 basis-60">
        <strong className="font-heavy">The audit trail of {server.name} was changed.</strong>{" "}
        {faultWords(alarm.fault, exactTime)}
      </span>
      <span className="flex gap-2">
        <Button size="small" onClick={show}>
          See the trail
        </Button>
        <Button size="small" onClick={() => setAsking(true)}>
          Acknowledge…
        </Button>
      </span>
      {asking && <Acknowledge server={server} alarm={alarm} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Acknowledge({ server, alarm, onClose }: AuditBannerProps & { readonly onClose: () => void }) {
  const { busy, error, run } = useCall();
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Acknowledge the change on ${server.name}?`}
      about={
        <>
          <p>{faultWords(alarm.fault, exactTime)}</p>
          <p className="mt-2">
            This was found on {exactTime(alarm.at)}. Acknowledging does not repair the trail: it ends this warning, and
            this computer starts to keep the trail anew from how it is. What it kept before stays in its notes but is
            not compared any more.
          </p>
        </>
      }
    >
      {error && <ErrorCard error={error} />}
      <DialogButtons>
        <Button onClick={onClose}>Keep the warning</Button>
        <Button look="danger" busy={busy} onClick={() => void run(() => acknowledgeAlarm(server.id, alarm.at))}>
          Acknowledge and start anew
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
