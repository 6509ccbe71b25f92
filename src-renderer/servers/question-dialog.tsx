import { useState, type FormEvent } from "react";
import type { Answer, Question, Server } from "../../contract/servers.ts";
import { ErrorCard } from "../errors/error-card.tsx";
import { useCall } from "../errors/use-call.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogButtons } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { answerQuestion, disconnectServer } from "./actions.ts";
import { Fingerprint } from "./fingerprint.tsx";
import { useServers } from "./store.ts";

interface QuestionDialogProps {
  readonly server: Server;
  readonly question: Question;
}

/** What the host needs to know to go on connecting. Closing it stops connecting. */
export function QuestionDialog({ server, question }: QuestionDialogProps) {
  const { busy, error, run } = useCall();
  const stop = () => void run(() => disconnectServer(server.id));
  const parts: FormProps = { busy, stop, send: (answer) => void run(() => answerQuestion(server.id, answer)) };
  return (
    <Dialog open onClose={stop} title={titleOf(question, server)} about={aboutOf(question, server)}>
      {question.kind === "host_key" && <HostKeyForm {...parts} question={question} />}
      {question.kind === "passphrase" && <PassphraseForm {...parts} question={question} />}
      {question.kind === "password" && <PasswordForm {...parts} question={question} />}
      {question.kind === "agent_key" && <AgentKeyForm {...parts} question={question} />}
      {error && (
        <div className="mt-4">
          <ErrorCard error={error} />
        </div>
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly stop: () => void;
  readonly send: (answer: Answer) => void;
}

type Asked<K extends Question["kind"]> = FormProps & { readonly question: Extract<Question, { kind: K }> };

function HostKeyForm({ busy, stop, send, question }: Asked<"host_key">) {
  const { fingerprint } = question.hostKey;
  return (
    <>
      <Fingerprint hostKey={question.hostKey} label="Fingerprint of its key" />
      <p className="mt-3 text-small text-faint">
        To compare, run this in the console of your hosting provider:
        <code className="mt-1 block rounded-control border border-line bg-code px-2 py-1 font-mono text-text wrap-anywhere">
          ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
        </code>
      </p>
      <DialogButtons>
        <Button look="quiet" onClick={stop}>
          Do not connect
        </Button>
        <Button look="primary" busy={busy} onClick={() => send({ kind: "host_key", fingerprint })}>
          It matches, connect
        </Button>
      </DialogButtons>
    </>
  );
}

function PassphraseForm({ busy, stop, send, question }: Asked<"passphrase">) {
  const keychain = useServers((state) => state.info?.keychain ?? false);
  const [passphrase, setPassphrase] = useState("");
  const [remember, setRemember] = useState(false);
  function submit(event: FormEvent): void {
    event.preventDefault();
    send({ kind: "passphrase", passphrase, remember });
  }
  return (
    <form onSubmit={submit}>
      <Field
        label="Passphrase"
        type="password"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- The dialog asks for exactly this.
        autoFocus
        value={passphrase}
        error={question.wrong ? "That passphrase does not open the key" : undefined}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      {keychain && (
        <label className="mt-3 flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={remember}
            onChange={(event) => setRemember(event.target.checked)}
          />
          Remember it in this computer's keychain
        </label>
      )}
      <Buttons busy={busy} stop={stop} does="Open the key" ready={passphrase !== ""} />
    </form>
  );
}

function PasswordForm({ busy, stop, send, question }: Asked<"password">) {
  const [password, setPassword] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    send({ kind: "password", password });
  }
  return (
    <form onSubmit={submit}>
      <Field
        label={`Password of ${question.user}`}
        type="password"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- The dialog asks for exactly this.
        autoFocus
        value={password}
        error={question.wrong ? "The server did not accept that password" : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Buttons busy={busy} stop={stop} does="Log in" ready={password !== ""} />
    </form>
  );
}

function AgentKeyForm({ busy, stop, send, question }: Asked<"agent_key">) {
  const { keys, refused } = question;
  const [fingerprint, setFingerprint] = useState(keys.find((key) => key.fingerprint !== refused)?.fingerprint ?? "");
  const options = keys.map((key) => ({ value: key.fingerprint, label: `${key.comment} (${key.fingerprint})` }));
  function submit(event: FormEvent): void {
    event.preventDefault();
    send({ kind: "agent_key", fingerprint });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Select label="Key" value={fingerprint} options={options} onChange={setFingerprint} />
      {refused !== undefined && (
        <p className="text-small text-bad wrap-anywhere">The server did not accept {refused}</p>
      )}
      <Buttons busy={busy} stop={stop} does="Log in with this key" ready={fingerprint !== ""} />
    </form>
  );
}

interface ButtonsProps extends Pick<FormProps, "busy" | "stop"> {
  readonly does: string;
  readonly ready: boolean;
}

function Buttons({ busy, stop, does, ready }: ButtonsProps) {
  return (
    <DialogButtons>
      <Button look="quiet" onClick={stop}>
        Stop connecting
      </Button>
      <Button type="submit" look="primary" busy={busy} disabled={!ready}>
        {does}
      </Button>
    </DialogButtons>
  );
}

function titleOf(question: Question, server: Server): string {
  switch (question.kind) {
    case "host_key":
      return question.jumpHost === undefined ? `Is this ${server.name}?` : `Is this ${question.jumpHost}?`;
    case "passphrase":
      return "Passphrase of your key";
    case "password":
      return `Password for ${question.jumpHost ?? server.name}`;
    case "agent_key":
      return `Which key for ${question.jumpHost ?? server.name}?`;
  }
}

function aboutOf(question: Question, server: Server): string {
  switch (question.kind) {
    case "host_key":
      return `This computer has not met ${question.jumpHost === undefined ? "the server" : `the jump host of ${server.name}`} before. Compare the fingerprint once; from then on a different key is refused.`;
    case "passphrase":
      return `${question.keyFile} is locked. The passphrase is used on this computer only and never sent.`;
    case "password":
      return `${question.jumpHost === undefined ? server.name : `The jump host of ${server.name}`} asks for the password of ${question.user}. It is sent over the encrypted connection and not stored.`;
    case "agent_key":
      return "The SSH agent holds several keys. Only the chosen one is offered, as a server gives up after a few; it is used from then on.";
  }
}
