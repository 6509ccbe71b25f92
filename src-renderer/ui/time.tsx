import { useEffect, useState } from "react";
import { durationText } from "../../contract/duration-text.ts";
import { Tip } from "./tip.tsx";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "4 min ago", "3 h ago", then the date. */
export function relativeTime(at: number, now: number): string {
  const age = now - at;
  if (age < 10 * SECOND) return "just now";
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  return new Date(at).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** The clock, read again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function exactTime(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** How long ago, with the exact time on hover. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow(10 * SECOND);
  return (
    <Tip text={exactTime(at)}>
      <time dateTime={at} className="whitespace-nowrap tabular-nums">
        {relativeTime(Date.parse(at), now)}
      </time>
    </Tip>
  );
}

/** The time of day, with the date on hover. */
export function Clock({ at }: { readonly at: string }) {
  return (
    <Tip text={exactTime(at)}>
      <time dateTime={at} className="whitespace-nowrap tabular-nums">
        {new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })}
      </time>
    </Tip>
  );
}

/** How long something took, counting on while it has not ended. */
export function Duration({ from, to }: { readonly from: string; readonly to: string | null }) {
  const now = useNow(to === null ? SECOND : HOUR);
  const end = to === null ? Math.max(now, Date.parse(from)) : Date.parse(to);
  return <span className="whitespace-nowrap tabular-nums">{durationText(end - Date.parse(from))}</span>;
}
