import { Pencil } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { Server } from "../../../contract/servers.ts";
import { useCall } from "../../errors/use-call.ts";
import { renameServer } from "../../servers/actions.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";

const MAX_LETTERS = 64;

/** The server's name, and a way to give it another one where it stands. */
export function ServerName({ server }: { readonly server: Server }) {
  const [editing, setEditing] = useState(false);
  if (editing) return <NameForm server={server} onDone={() => setEditing(false)} />;
  return (
    <span className="flex items-center gap-1">
      {server.name}
      {server.place.kind === "ssh" && (
        <IconButton icon={Pencil} label={`Rename ${server.name}`} onClick={() => setEditing(true)} />
      )}
    </span>
  );
}

function NameForm({ server, onDone }: { readonly server: Server; readonly onDone: () => void }) {
  const [name, setName] = useState(server.name);
  const { busy, error, run } = useCall();
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (name.trim() === server.name || (await run(() => renameServer(server.id, name.trim())))) onDone();
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex items-end gap-2 text-base font-normal">
      <Field
        className="w-64"
        label="Name"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- The person has just asked to write here.
        autoFocus
        maxLength={MAX_LETTERS}
        value={name}
        error={error?.message}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onDone()}
        onFocus={(event) => event.target.select()}
      />
      <Button type="submit" busy={busy} disabled={name.trim() === ""}>
        Rename
      </Button>
      <Button look="quiet" onClick={onDone}>
        Keep the name
      </Button>
    </form>
  );
}
