import { useState } from "react";
import type { Server } from "../../contract/servers.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { changeLogin } from "./actions.ts";
import { LoginForm } from "./login-form.tsx";

/** A way to correct how a server is reached; nothing for the team on this computer. */
export function ChangeLogin({ server }: { readonly server: Server }) {
  const [open, setOpen] = useState(false);
  const { id, name, place } = server;
  if (place.kind !== "ssh") return null;
  const close = () => setOpen(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Change login…</Button>
      <Dialog
        open={open}
        onClose={close}
        title={`How to reach ${name}`}
        about="Nothing on the server changes. At another host or port it is asked for its fingerprint again."
      >
        <LoginForm
          before={place}
          does="Save and connect"
          send={({ address, auth, jump }) => changeLogin(id, { address, auth, jump })}
          onDone={close}
          onCancel={close}
        />
      </Dialog>
    </>
  );
}
