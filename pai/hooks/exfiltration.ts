import { holdsSecret } from "./secret-shapes.ts";
import { programOf, type Segment } from "./shell-words.ts";
import { ask, deny, strictest, type Verdict } from "./verdict.ts";

const NETWORK = new Set(
  "curl wget nc ncat netcat socat scp sftp rsync ftp tftp telnet ssh http https xh rclone".split(" "),
);
const LOOKUPS = new Set("dig nslookup host ping".split(" "));
const SELF_TELLING = new Set("env printenv set export history".split(" "));
/** Made to take in what others send. */
const DROP_BOXES =
  /\b(webhook\.site|requestbin\.\w+|pipedream\.net|interact\.sh|oast\.\w+|burpcollaborator\.net|ngrok(-free)?\.\w+|transfer\.sh|file\.io|0x0\.st|pastebin\.com|paste\.rs|termbin\.com|ix\.io|catbox\.moe)\b/i;
/** Hands out the machine's own credentials to whoever asks. */
const METADATA = /\b(169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200)\b|\[?fd00:ec2::254\]?/i;
const HERE = /^(https?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/i;
const UPLOAD = /^(-T|--upload-file|--post-file|--body-file)|^@|=@|^(-d|-F|--data(-\w+)?|--form)@/;
const MAX_QUERY_CHARACTERS = 1_000;

/** Judges whether a shell line plainly sends out what is not its to send. */
export function judgeNetwork(line: string, segments: readonly Segment[]): Verdict {
  if (/\/dev\/(tcp|udp)\//.test(line)) return deny("the shell's own network devices get round every rule");
  const senders = segments.filter((segment) => NETWORK.has(programOf(segment)));
  if (senders.length === 0) return judgeLookups(segments);
  if (holdsSecret(line)) return deny("a secret would go out over the network");
  if (DROP_BOXES.test(line)) return deny("this address takes in whatever is sent to it");
  if (METADATA.test(line)) return deny("this address hands out credentials of the machine");
  return strictest(segments.map((segment, at) => judgeSender(segment, segments[at - 1])));
}

export function judgeUrl(url: string): Verdict {
  if (holdsSecret(safelyDecoded(url))) return deny("a secret would go out over the network");
  if (DROP_BOXES.test(url)) return deny("this address takes in whatever is sent to it");
  if (METADATA.test(url)) return deny("this address hands out credentials of the machine");
  const query = url.slice(url.indexOf("?") + 1);
  return url.includes("?") && query.length > MAX_QUERY_CHARACTERS ? ask("this address carries a lot of data") : null;
}

function judgeSender(segment: Segment, before: Segment | undefined): Verdict {
  const program = programOf(segment);
  if (!NETWORK.has(program)) return null;
  if (segment.isPiped && before && SELF_TELLING.has(programOf(before))) {
    return deny("the environment would go out over the network");
  }
  if (segment.words.some((word) => HERE.test(word))) return null;
  const isUpload = segment.words.some((word) => UPLOAD.test(word)) || (segment.isPiped && program !== "ssh");
  if (isUpload) return ask("data of this machine would go out over the network");
  return segment.isComputed ? ask("the output of another command would go out over the network") : null;
}

function judgeLookups(segments: readonly Segment[]): Verdict {
  const computed = segments.some((segment) => LOOKUPS.has(programOf(segment)) && segment.isComputed);
  return computed ? ask("the output of another command would go out in a name") : null;
}

function safelyDecoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
