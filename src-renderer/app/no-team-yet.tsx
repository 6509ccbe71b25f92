import { ServerOff } from "lucide-react";
import type { ServerView } from "../../contract/servers.ts";
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
