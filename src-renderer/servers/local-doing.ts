import { useEffect, useState } from "react";
import { localDoing } from "./actions.ts";

const ASK_EVERY_MS = 700;

/** What the start of the team on this computer is at; null while it says nothing. */
export function useLocalDoing(): string | null {
  const [doing, setDoing] = useState<string | null>(null);
  useEffect(() => {
    // Missing one answer only means the words stay as they were.
    const ask = () => void localDoing().then(setDoing, () => undefined);
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return doing;
}
