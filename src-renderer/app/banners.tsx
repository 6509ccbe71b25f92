import { durationText } from "../../contract/duration-text.ts";
import { CloudOff } from "lucide-react";
import { ERROR_TABLE } from "../errors/error-table.ts";
import { connectServer } from "../servers/actions.ts";
import { useLocalDoing } from "../servers/local-doing.ts";
import { useServer, useServers } from "../servers/store.ts";
import { useCall } from "../errors/use-call.ts";
import { useTeam } from "../team/store.ts";
import { go, usePlace } from "./navigation.ts";
import { Button } from "../ui/button.tsx";
import { relativeTime, useNow } from "../ui/time.tsx";
import { hasTeam, type ServerView } from "../../contract/servers.ts";

/** What is wrong with the connection, above a page that keeps what it has. */
export function Banners() {
  const host = useServers((state) => state.host);
  const view = useServer();
  const live = useTeam((team) => team.live);
  const onServerPage = usePlace((place) => place.page === "server");
  if (host === "lost") return <Banner text="The app's host does not answer. Trying again." />;
  if (!view) return null;
  if (view.connection.state === "refused" && onServerPage) return null;
  if (view.connection.state !== "online") return <ConnectionBanner view={view} />;
  if (live === "behind" && hasTeam(view)) return <BehindBanner />;
  return null;
}

function ConnectionBanner({ view }: { readonly view: ServerView }) {
  const now = useNow(1000);
  const { connection, server } = view;
  const { busy, run } = useCall();
  const connect = (
    <Button size="small" busy={busy} onClick={() => void run(() => connectServer(server.id))}>
      Connect now
    </Button>
  );
  switch (connection.state) {
    case "waiting": {
      const left = Date.parse(connection.retryAt) - now;
      const next = left > 1000 ? `Trying again in ${durationText(Math.ceil(left / 1000) * 1000)}.` : "Trying again.";
      return <Banner text={`${ERROR_TABLE[connection.error.code].title}. ${next}`} action={connect} aged />;
    }
    case "offline":
      return <Banner text={`${server.name} is not connected.`} action={connect} aged />;
    case "connecting":
      if (server.place.kind === "local") return <LocalConnecting />;
      return <Banner text={`Connecting to ${server.name}.`} aged />;
    case "refused":
      return (
        <Banner
          text={`${ERROR_TABLE[connection.error.code].title}.`}
          action={
            <Button size="small" onClick={() => go("server")}>
              See what it needs
            </Button>
          }
          aged
        />
      );
    case "online":
    case "asking":
      return null;
  }
}

function LocalConnecting() {
  const doing = useLocalDoing();
  return <Banner text={doing === null ? "Connecting to the team on this computer." : `${doing}.`} aged />;
}

function BehindBanner() {
  const error = useTeam((team) => team.error);
  const text = error ? `${ERROR_TABLE[error.code].title}. Trying again.` : "The team is being reached again.";
  return <Banner text={text} aged />;
}

interface BannerProps {
  readonly text: string;
  readonly action?: React.ReactNode;
  /** Says how old what is shown below is. */
  readonly aged?: boolean;
}

function Banner({ text, action, aged = false }: BannerProps) {
  const now = useNow(5000);
  const seenAt = useTeam((team) => team.seenAt);
  return (
    <div
      role="status"
      className="fades-in flex min-h-9.5 items-center gap-2.5 border-b border-line bg-raised px-4 py-1 text-[12.5px] text-dim"
    >
      <CloudOff className="icon text-faint" aria-hidden />
      <span className="min-w-0">
        {text}
        {aged && seenAt !== null && ` Shown as of ${relativeTime(seenAt, now)}.`}
      </span>
      <span className="flex-1" />
      {action}
    </div>
  );
}
