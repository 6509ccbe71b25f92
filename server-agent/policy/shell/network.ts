import { hostOf, judgeUrl } from "../hosts.ts";
import { ask, deny, type Finding } from "../parts.ts";
import { judgeWord, type Call, type Judge } from "./call.ts";
import { readOptions, type Options } from "./options.ts";
import { judgeOverwrite } from "./overwrites.ts";
import { shown, type Word } from "./words.ts";

/** Options of curl that only say how to ask and where to put the answer. */
const CURL_FLAGS =
  /^(-[fsSLIgvik#4609]+|--(fail|fail-with-body|silent|show-error|location|head|globoff|verbose|include|compressed|http1\.1|http2|progress-bar|ipv4|ipv6|no-progress-meter|create-dirs|remote-name|version|help)|-O)$/;
const CURL_TEXTS = [
  "-H",
  "--header",
  "-A",
  "--user-agent",
  "-w",
  "--write-out",
  "-m",
  "--max-time",
  "--connect-timeout",
  "--retry",
  "--retry-delay",
  "--retry-max-time",
  "-e",
  "--referer",
  "-r",
  "--range",
];
const CURL_FILES = ["-o", "--output", "-D", "--dump-header"];
const WGET_FLAGS =
  /^(-[qcSNO]+|-nv|-q?O-|--(quiet|no-verbose|continue|server-response|spider|no-clobber|timestamping|version|help|show-progress)|--(tries|timeout|user-agent|wait)=.*)$/;
const WGET_TEXTS = ["-t", "--tries", "-T", "--timeout", "-U", "--user-agent"];
const WGET_FILES = ["-O", "--output-document", "-P", "--directory-prefix", "-o", "--output-file"];

interface Client {
  readonly flags: RegExp;
  readonly texts: readonly string[];
  readonly files: readonly string[];
}

/** Fetching is judged by where from and where to; whatever sends, or steers the connection, asks. */
function client({ flags, texts, files }: Client): Judge {
  return (call) => {
    const takesValue = [...texts, ...files];
    const options = readOptions(call.args, takesValue);
    const outputs = options.values(...files);
    for (const word of outputs) call.makes(word);
    return {
      targets: options.operands.map((word) => hostOf(shown(word))),
      findings: [
        ...unknownFlags(call, flags, takesValue),
        ...outputs.filter(({ text }) => text !== "-").flatMap((word) => judgeOverwrite(word, call)),
        ...judgeHeaders(options, call),
        ...options.operands.flatMap((word) => judgeAddress(word, call)),
      ],
    };
  };
}

function unknownFlags({ args, program }: Call, flags: RegExp, takesValue: readonly string[]): Finding[] {
  const isValue = (at: number): boolean => takesValue.includes(args[at - 1]?.text ?? "");
  const odd = args.filter(
    ({ text }, at) => text !== null && text.length > 1 && text.startsWith("-") && !isValue(at) && !flags.test(text),
  );
  return odd
    .filter(
      ({ text }) =>
        !takesValue.some(
          (name) => text === name || (text?.startsWith(name) && (!name.startsWith("--") || text[name.length] === "=")),
        ),
    )
    .map((word) => ask(`${program} ${shown(word)} may send something, or steer where it connects`));
}

function judgeHeaders(options: Options, { program }: Call): Finding[] {
  const headers = [...options.values("-H", "--header"), ...options.values("-w", "--write-out")];
  const odd = headers.filter(
    ({ text }) => text === null || text.startsWith("@") || /^(authorization|cookie|proxy|host|x-)/i.test(text),
  );
  return odd.map((word) => ask(`${program} would send ${word.source} along`));
}

function judgeAddress(word: Word, call: Call): Finding[] {
  const { text } = word;
  if (text === null)
    return [ask(`${call.program} would reach an address that is known only when it runs: ${word.source}`)];
  if (/[{}[\]\uE000\uE001]/.test(text)) return [ask(`${call.program} would reach several addresses: ${shown(word)}`)];
  return [...judgeUrl(/^\w+:\/\//.test(text) ? text : `http://${text}`, call.ground)];
}

/** Programs for looking at the network; their hosts are not secret, their files are. */
const look: Judge = (call) => {
  if (call.ground.rules.hosts.length === 0) return { findings: [deny("this level has no network")] };
  const reaches = call.args.filter(
    ({ text }) => text === null || /^(-f|-F|-N|-b|-B|-D|-k|-connect|exec|s_client|s_server|enc|-batch)/.test(text),
  );
  return {
    targets: call.args.map(shown),
    findings: [
      ...call.args.filter(({ text }) => text?.startsWith("/")).flatMap((word) => judgeWord("write", word, call)),
      ...reaches.map((word) => ask(`${call.program} ${shown(word)} does more than look`)),
    ],
  };
};

const IP_LOOKS = ["addr", "a", "address", "link", "route", "r", "neigh", "-br", "-4", "-6", "show", "list", "-o", "-s"];
const ip: Judge = (call) => {
  const odd = call.args.filter(
    ({ text }) => !IP_LOOKS.includes(text ?? "") && !/^(dev|lo|eth\d|en\w+)$/.test(text ?? ""),
  );
  return { findings: odd.map((word) => ask(`ip ${shown(word)} may change the network`)) };
};

export const NETWORK_JUDGES: Readonly<Record<string, Judge>> = {
  curl: client({ flags: CURL_FLAGS, texts: CURL_TEXTS, files: CURL_FILES }),
  wget: client({ flags: WGET_FLAGS, texts: WGET_TEXTS, files: WGET_FILES }),
  dig: look,
  host: look,
  nslookup: look,
  openssl: look,
  ping: look,
  ss: look,
  traceroute: look,
  whois: look,
  ip,
};
