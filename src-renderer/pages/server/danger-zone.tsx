import { useState } from "react";
import type { ServerView } from "../../../contract/servers.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { removeServer, stopLocal } from "../../servers/actions.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogButtons } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { startRemoval } from "./actions.ts";
import { Section } from "../../ui/section.tsx";

/** What takes something away. Each says what stays. */
export function DangerZone({ view }: { readonly view: ServerView }) {
  const { id, name, place, provisioned } = view.server;
  const online = view.connection.state === "online";
  const local = place.kind === "local";
  return (
    <Section title="Danger zone">
      <div className="card divide-y divide-line border-[color-mix(in_oklab,var(--bad)_35%,var(--line))]">
        {local && (
          <Row
            title="Stop the team on this computer"
            about="Its processes end. Conversations and files stay and are there after the next start."
          >
            <Act label="Stop the team" run={stopLocal} />
          </Row>
        )}
        {!local && provisioned && (
          <Row
            title="Remove provisioning"
            about={`Takes the team, its users and its database with all conversations off ${name}. Files in /workspace and installed packages stay.`}
          >
            <RemoveProvisioning id={id} name={name} online={online} />
          </Row>
        )}
        {!local && (
          <Row title="Forget this server" about={`Takes ${name} off this list. Nothing changes on the server.`}>
            <Act label={`Forget ${name}`} run={() => removeServer(id)} />
          </Row>
        )}
      </div>
    </Section>
  );
}

interface RowProps {
  readonly title: string;
  readonly about: string;
  readonly children: React.ReactNode;
}

function Row({ title, about, children }: RowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-52 flex-1">
        <h3 className="font-strong">{title}</h3>
        <p className="text-dim">{about}</p>
      </div>
      {children}
    </div>
  );
}

function Act({ label, run: action }: { readonly label: string; readonly run: () => Promise<void> }) {
  const { busy, error, run } = useCall();
  return (
    <>
      <Button busy={busy} onClick={() => void run(action)}>
        {label}
      </Button>
      {error && (
        <div className="w-full">
          <ErrorCard error={error} />
        </div>
      )}
    </>
  );
}

interface RemoveProps {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
}

function RemoveProvisioning({ id, name, online }: RemoveProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const { busy, error, run } = useCall();
  const remove = async () => {
    if (await run(() => startRemoval(id))) setOpen(false);
  };
  return (
    <>
      <Button disabled={!online} onClick={() => setOpen(true)}>
        Remove provisioning…
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Remove the team from ${name}`}
        about="The agents stop, and their conversations and tasks are deleted. This cannot be undone. Files in /workspace stay."
      >
        <Field label={`Type ${name} to confirm`} value={typed} onChange={(event) => setTyped(event.target.value)} />
        {error && (
          <div className="mt-3">
            <ErrorCard error={error} />
          </div>
        )}
        <DialogButtons>
          <Button look="quiet" onClick={() => setOpen(false)}>
            Keep the team
          </Button>
          <Button look="danger" busy={busy} disabled={typed !== name} onClick={() => void remove()}>
            Remove the team from {name}
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}
