import type { AuditFault, AuditVerdict } from "./audit-check.ts";

type ShowTime = (at: string) => string;

/** A fault in one or two sentences. */
export function faultWords(fault: AuditFault, showTime: ShowTime): string {
  const record = `Record ${fault.seq}`;
  switch (fault.kind) {
    case "changed":
      return `${record} does not match its hash: it or the record before it was changed.${seenWords(fault.seenAt, showTime)}`;
    case "missing": {
      const what = fault.to === fault.seq ? `${record} is` : `Records ${fault.seq} to ${fault.to} are`;
      return `${what} missing.${seenWords(fault.seenAt, showTime)}`;
    }
    case "out_of_order":
      return `${record} comes after record ${fault.after}.`;
    case "rewritten":
      return `${record} is not what this computer saw on ${showTime(fault.known.at)}.`;
    case "cut":
      return `The trail ends with record ${fault.seq}; this computer saw record ${fault.known.seq} on ${showTime(fault.known.at)}.`;
    case "head_differs":
      return fault.seq === fault.headSeq
        ? `${record} is not the one the server itself noted as its last.`
        : `The trail ends with record ${fault.seq}; the server itself noted record ${fault.headSeq} as its last.`;
  }
}

/** What a check came to: a title, and what it rests on. */
export function verdictWords(verdict: AuditVerdict, showTime: ShowTime): { title: string; about: string } {
  const { records, heads, since, restartedAt, unreadable } = verdict;
  const kept =
    since === null
      ? "This computer has kept nothing of this trail before, so there was nothing earlier to compare it with. From now on there is."
      : `Compared with ${count(heads, "earlier state")} kept on this computer since ${showTime(since)}.`;
  const more = [
    restartedAt === null ? "" : `What was kept before ${showTime(restartedAt)} does not count any more.`,
    unreadable === 0 ? "" : `${count(unreadable, "line")} of the notes on this computer could not be read.`,
  ];
  const rest = [kept, ...more].filter(Boolean).join(" ");
  if (verdict.state === "intact") {
    return {
      title: records === 0 ? "The trail is empty" : `The trail is whole: ${count(records, "record")}`,
      about: rest,
    };
  }
  const { sure } = verdict;
  const upTo = sure ? `Up to record ${sure.seq} it is as this computer saw it on ${showTime(sure.at)}.` : "";
  return { title: "The trail was changed", about: [upTo, rest].filter(Boolean).join(" ") };
}

function seenWords(seenAt: string | null, showTime: ShowTime): string {
  return seenAt === null ? "" : ` This computer first kept a state of the trail that covers it on ${showTime(seenAt)}.`;
}

function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
