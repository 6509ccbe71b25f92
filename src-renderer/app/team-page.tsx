import type { ReactNode } from "react";
import { hasTeam, type ServerView } from "../../contract/servers.ts";
import { useServer } from "../servers/store.ts";
import { NotConnected, NoTeamYet } from "./no-team-yet.tsx";

interface TeamPageProps {
  /** There is nothing to show yet, so the server has to be reached first. */
  readonly unread: boolean;
  readonly children: (view: ServerView) => ReactNode;
}

/** What a page shows of the chosen server's team, or what has to be done before it can. */
export function TeamPage({ unread, children }: TeamPageProps) {
  const view = useServer();
  if (!view) return null;
  if (!hasTeam(view)) return <NoTeamYet view={view} />;
  if (unread && view.connection.state !== "online") return <NotConnected view={view} />;
  return children(view);
}
