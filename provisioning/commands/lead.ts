import { accepting, withInput } from "../shell.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** One client's work on a server, while it alone may change it. */
export interface Leader {
  readonly id: string;
  readonly kind: "apply" | "remove";
  /** ISO time. */
  readonly since: string;
  /** Such as `ann@laptop`. */
  readonly who: string;
}

/** Where the lead is kept on the server, and after how long a leader that says nothing is taken for dead. */
export interface LeadPlace {
  readonly folder: string;
  readonly leaseSeconds: number;
}

/** The lead is another's. */
export const TAKEN = 3;

/**
 * `leader` says who, `beat` when it was heard of last, by a clock that nobody sets; it is gone once the leader has
 * ended. `events` are those of its run. All of it is in memory: after a reboot nobody leads.
 */
const FILES = `
folder=$1 id=$2
umask 077
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9
now() { cut -d. -f1 /proc/uptime; }
leader=$(sed -n 1p "$folder/leader" 2>/dev/null || true)
isHeardOf() { [ -e "$folder/beat" ] && [ $(($(now) - $(cat "$folder/beat"))) -lt "$1" ]; }
`;

const HOLD = `${FILES}
lease=$3
if [ "$leader" != "$id" ]; then
  if isHeardOf "$lease"; then cat "$folder/leader"; exit ${TAKEN}; fi
  shift 3
  printf '%s\\n' "$id" "$@" >"$folder/leader.new"
  : >"$folder/events"
  mv "$folder/leader.new" "$folder/leader"
fi
now >"$folder/beat"
cat >>"$folder/events"
`;

/** Takes the lead, or keeps it; `events` are lines for those who watch. Ends with `TAKEN` and who leads when it is another. */
export function holdLead({ folder, leaseSeconds }: LeadPlace, leader: Leader, events: string): Command {
  const { id, kind, since, who } = leader;
  const script = rootScript(HOLD, folder, id, String(leaseSeconds), kind, since, who);
  return withInput(accepting(script, TAKEN), events);
}

const RELEASE = `${FILES}
[ "$leader" = "$id" ] || exit 0
cat >>"$folder/events"
rm -f "$folder/beat"
`;

export function releaseLead({ folder }: LeadPlace, { id }: Leader, events: string): Command {
  return withInput(rootScript(RELEASE, folder, id), events);
}

const WATCH = `${FILES}
if [ "$leader" != "$id" ]; then echo gone; exit 0; fi
if [ ! -e "$folder/beat" ]; then echo ended; elif isHeardOf "$3"; then echo leads; else echo silent; fi
tail -c "+$(($4 + 1))" "$folder/events"
`;

/** A word about the leader, then its events after `offset` bytes, one to a line. */
export function watchLead({ folder, leaseSeconds }: LeadPlace, { id }: Leader, offset: number): Command {
  return rootScript(WATCH, folder, id, String(leaseSeconds), String(offset));
}

/** Who leads, as `holdLead` prints it. */
export function parseLeader(text: string): Leader {
  const [id = "", kind = "", since = "", ...who] = text.trim().split("\n");
  return { id, kind: kind === "remove" ? "remove" : "apply", since, who: who.join(" ") };
}
