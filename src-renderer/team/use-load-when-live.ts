import { useEffect, useEffectEvent } from "react";
import { useTeam } from "./store.ts";

/** Loads as soon as the team answers, again when it answers again, and again for each other `subject`. */
export function useLoadWhenLive(load: (subject: string) => unknown, subject: string): boolean {
  const live = useTeam((team) => team.live === "live");
  const loadNow = useEffectEvent(load);
  useEffect(() => {
    if (live) loadNow(subject);
  }, [live, subject]);
  return live;
}
