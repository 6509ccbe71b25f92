import { ServerOff, Unplug } from "lucide-react";
import type { ServerView } from "../../contract/servers.ts";
import { connectionWords } from "../servers/connection-words.ts";
import { connectServer } from "../servers/actions.ts";
import { useCall } from "../errors/use-call.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { go } from "./navigation.ts";

/** In place of a page that needs a team, on a server that has none. */
export function NoTeamYet({ view }: { readonly view: ServerView }) {
  const { name } = view.server;
  return (
    <Empty
      icon={ServerOff}
      title={`No team on ${name} yet`}
      about="Provisioning installs the team on the server. You see every change before it is made."
    >
      <Button look="primary" onClick={() => go("server")}>
        See the plan for {name}
      </Button>
    </Empty>
  );
}

/** In place of a page that has nothing to show yet, because its server cannot be reached. */
export function NotConnected({ view }: { readonly view: ServerView }) {
  const { busy, run } = useCall();
  const { id, name } = view.server;
  const { word } = connectionWords(view.connection);
  return (
    <Empty
      icon={Unplug}
      title={word === "Needs you" ? `${name} needs you` : `${name} is not connected`}
      about="The team works on without this app. What it did is shown here as soon as the server is reached."
    >
      {word === "Needs you" ? (
        <Button look="primary" onClick={() => go("server")}>
          See what it needs
        </Button>
      ) : (
        <Button look="primary" busy={busy || word !== "Disconnected"} onClick={() => void run(() => connectServer(id))}>
          {word === "Disconnected" ? `Connect to ${name}` : word}
        </Button>
      )}
    </Empty>
  );
}
