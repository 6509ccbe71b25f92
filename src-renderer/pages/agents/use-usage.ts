import { useEffect, useState } from "react";
import type { AgentName } from "../../../contract/agents.ts";
import type { AgentUse } from "../../../contract/health.ts";
import { readUsage } from "../../team/actions.ts";
import { useTeam } from "../../team/store.ts";

const EVERY_MS = 3_000;

export type Usage = ReadonlyMap<AgentName, AgentUse>;

/** What the agents take, asked for again and again only while somebody looks. A daemon that cannot tell tells nothing. */
export function useUsage(serverId: string): Usage {
  const [usage, setUsage] = useState<Usage>(new Map());
  const live = useTeam((team) => team.live === "live");
  useEffect(() => {
    if (!live) return;
    const gone = new AbortController();
    const look = () => {
      if (document.visibilityState !== "visible") return;
      readUsage(serverId, gone.signal).then(
        (uses) => !gone.signal.aborted && setUsage(new Map(uses.map((use) => [use.name, use]))),
        () => undefined,
      );
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      clearInterval(timer);
      gone.abort();
    };
  }, [serverId, live]);
  return usage;
}
