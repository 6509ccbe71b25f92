import { useEffect, useEffectEvent, useState, type FormEvent } from "react";
import { NewServer, type SshConfigHost, type SshLogin } from "../../contract/servers.ts";
import { ErrorCard } from "../errors/error-card.tsx";
import { useCall } from "../errors/use-call.ts";
import { Button } from "../ui/button.tsx";
import { Segments } from "../ui/choice.tsx";
import { Field } from "../ui/field.tsx";
import { readKeyFiles, sshConfigHosts } from "./actions.ts";
import { JumpFields, type LoginPartProps } from "./jump-fields.tsx";
import { KeyField } from "./key-field.tsx";
import {
  draftFromConfig,
  draftOf,
  EMPTY_DRAFT,
  type LoginDraft,
  problemsByField,
  requestOf,
  withKeyThatIs,
} from "./login-draft.ts";
import { Offered } from "./offered.tsx";

interface LoginFormProps {
  /** The login to change; a new server is asked for its name too. */
  readonly before?: SshLogin;
  /** What the button says it will do. */
  readonly does: string;
  /** Rejects with what to tell the person. */
  readonly send: (wanted: NewServer) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onCancel?: (() => void) | undefined;
}

/** Where a server is and how to log in. Nothing on the server changes. */
export function LoginForm({ before, does, send, onDone, onCancel }: LoginFormProps) {
  const [draft, setDraft] = useState(before ? draftOf(before) : EMPTY_DRAFT);
  const [checked, setChecked] = useState(false);
  const { busy, error, run } = useCall();
  const parsed = NewServer.safeParse(requestOf(draft));
  const problems = checked && !parsed.success ? problemsByField(parsed.error.issues) : {};
  const change = (part: Partial<LoginDraft>) => setDraft((last) => ({ ...last, ...part }));
  const keyFiles = useKeyFiles((files) => {
    if (!before) setDraft((last) => withKeyThatIs(last, files));
  });
  const parts = { draft, problems, keyFiles, change };

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setChecked(true);
    if (parsed.success && (await run(() => send(parsed.data)))) onDone();
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4" noValidate>
      <ConfigHosts onPick={(host) => change(draftFromConfig(host))} />
      <AddressFields {...parts} />
      <div className="grid grid-cols-2 gap-3">
        <UserField {...parts} />
        {!before && <NameField {...parts} />}
      </div>
      <LoginFields {...parts} />
      <JumpFields {...parts} />
      {error && <ErrorCard error={error} />}
      <div className="flex justify-end gap-2">
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button type="submit" look="primary" busy={busy}>
          {does}
        </Button>
      </div>
    </form>
  );
}

function AddressFields({ draft, problems, change }: LoginPartProps) {
  return (
    <div className="grid grid-cols-[1fr_88px] gap-3">
      <Field
        label="Host"
        placeholder="203.0.113.7 or server.example.com"
        value={draft.host}
        error={problems["host"]}
        onChange={(event) => change({ host: event.target.value })}
      />
      <Field
        label="Port"
        inputMode="numeric"
        value={draft.port}
        error={problems["port"] && "1 to 65535"}
        onChange={(event) => change({ port: event.target.value })}
      />
    </div>
  );
}

function UserField({ draft, problems, change }: LoginPartProps) {
  return (
    <Field
      label="User"
      value={draft.user}
      error={problems["user"]}
      hint="root, or a user with sudo"
      onChange={(event) => change({ user: event.target.value })}
    />
  );
}

function NameField({ draft, problems, change }: LoginPartProps) {
  return (
    <Field
      label="Name (optional)"
      placeholder={draft.host || "as the host"}
      value={draft.name}
      error={problems["name"]}
      onChange={(event) => change({ name: event.target.value })}
    />
  );
}

const AUTH_OPTIONS = [
  { value: "key_file", label: "Key file" },
  { value: "agent", label: "SSH agent" },
  { value: "password", label: "Password" },
] as const;

const AUTH_NOTES = {
  agent:
    "The running SSH agent of this computer signs the login. Of several keys you choose one when connecting; no other is offered.",
  password:
    "Asked when connecting and never stored. Provisioning installs a key of this app, which signs in from then on.",
};

function LoginFields({ draft, problems, keyFiles, change }: LoginPartProps) {
  return (
    <div className="flex flex-col gap-2">
      <span className="text-small font-strong text-dim">Login</span>
      <Segments label="Login" value={draft.auth} options={AUTH_OPTIONS} onChange={(auth) => change({ auth })} />
      {draft.auth === "key_file" ? (
        <KeyField
          label="Private key"
          value={draft.keyPath}
          hint="Stays on this computer. If it has a passphrase, you are asked for it."
          isWrong={problems["path"] !== undefined}
          files={keyFiles}
          onChange={(keyPath) => change({ keyPath })}
        />
      ) : (
        <p className="text-small text-faint">{AUTH_NOTES[draft.auth]}</p>
      )}
    </div>
  );
}

/** None until they are read, and where they cannot be: then a path is typed. */
function useKeyFiles(onFound: (files: readonly string[]) => void): readonly string[] {
  const [files, setFiles] = useState<readonly string[]>([]);
  const found = useEffectEvent((read: readonly string[]) => {
    setFiles(read);
    onFound(read);
  });
  useEffect(() => {
    readKeyFiles().then(found, () => undefined);
  }, []);
  return files;
}

function ConfigHosts({ onPick }: { readonly onPick: (host: SshConfigHost) => void }) {
  const [hosts, setHosts] = useState<readonly SshConfigHost[]>([]);
  useEffect(() => {
    // Without this list the form is filled in by hand.
    sshConfigHosts().then(setHosts, () => setHosts([]));
  }, []);
  if (hosts.length === 0) return null;
  return (
    <Offered label="From your SSH configuration">
      {hosts.map((host) => (
        <Button key={host.alias} size="small" onClick={() => onPick(host)}>
          {host.alias}
          <span className="font-normal text-faint">
            {host.address.user}@{host.address.host}
          </span>
        </Button>
      ))}
    </Offered>
  );
}
