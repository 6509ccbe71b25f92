import type { OperandRule } from "./operands.ts";

const WORDS = `. : [ alias basename bg break builtin cal cd command continue declare dirs dirname echo enable eval exec exit export expr factor false fc fg free
  getconf getopts hash help id jobs let local mapfile popd pushd read readarray readonly set shopt source trap typeset unset
  locale lscpu nproc numfmt printenv printf ps pwd return seq shift sleep test times tr true tty type ulimit umask uname
  uptime wait which whoami yes`;
const READ = `base64 cat cksum cmp comm df du fold fmt ls lsof md5sum more nl od paste readlink realpath rev sha1sum
  sha256sum sha512sum stat strings sum tac tail head tsort unexpand expand wc zcat join hexdump file cut column diff`;

function each(names: string, rule: OperandRule): [string, OperandRule][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, rule]);
}

const GREP = {
  access: "read",
  text: 1,
  textBy: ["-e", "--regexp"],
  files: ["-f", "--file"],
  skips: ["-m", "-A", "-B", "-C", "--include", "--exclude", "--exclude-dir", "--color", "--max-count"],
} as const satisfies OperandRule;

/** Of programs that only need their words looked at. Others have a judge; the rest is `work`. */
export const OPERAND_RULES: ReadonlyMap<string, OperandRule> = new Map<string, OperandRule>([
  ...each(WORDS, { access: "words" }),
  ...each(READ, { access: "read" }),
  ...each("grep egrep fgrep", GREP),
  ["column", { access: "read", skips: ["-s", "-o", "-N", "-c"] }],
  ["cut", { access: "read", skips: ["-d", "-f", "-c", "-b", "--delimiter", "--fields", "--output-delimiter"] }],
  ["date", { access: "read", skips: ["-d", "--date"], asks: ["-s", "--set"] }],
  ["diff", { access: "read", skips: ["-x", "--exclude", "-I", "-U", "-C"] }],
  ["du", { access: "read", skips: ["--exclude", "-d", "--max-depth"] }],
  ["hostname", { access: "words", asks: ["-F", "--file", "-b", "--boot"] }],
  ["join", { access: "read", skips: ["-t", "-o", "-1", "-2", "-e"] }],
  [
    "jq",
    {
      access: "read",
      text: 1,
      textBy: [],
      skips: ["--arg", "--argjson", "--indent", "-L"],
      asks: ["-f", "--from-file", "-L"],
    },
  ],
  [
    "less",
    {
      access: "read",
      skips: ["-p"],
      asks: ["+", "-k", "--lesskey-file", "--lesskey-src", "-o", "-O", "--log-file", "-t", "-T"],
    },
  ],
  ["ls", { access: "read", skips: ["-I", "--ignore", "--hide", "--time-style"] }],
  ["nl", { access: "read", skips: ["-s", "-b", "-w"] }],
  ["paste", { access: "read", skips: ["-d", "--delimiters"] }],
  [
    "rg",
    {
      ...GREP,
      skips: [...GREP.skips, "-g", "--glob", "-t", "-T", "--type", "-r", "--replace"],
      asks: ["--pre", "--hostname-bin", "-z", "--search-zip"],
    },
  ],
  ["shuf", { access: "work", skips: ["-n", "-i", "-e"] }],
  ["sort", { access: "work", skips: ["-t", "-k", "-S", "--field-separator", "--key"], asks: ["--compress-program"] }],
  ["split", { access: "work", skips: ["-n", "-l", "-b"], asks: ["--filter"] }],
  ["stat", { access: "read", skips: ["-c", "--format", "--printf"] }],
  ["tree", { access: "work", skips: ["-I", "-P", "-L"] }],
  ["xmllint", { access: "work", skips: ["--xpath", "--pattern"], asks: ["--shell", "--load-trace"] }],

  ["zip", { access: "work", skips: ["-x", "-i"], asks: ["-T", "-TT", "--test", "--unzip-command", "-m", "--move"] }],
  ["unzip", { access: "work", skips: ["-x", "-P"], asks: ["-:"] }],
  ["patch", { access: "work", skips: ["-p", "--strip"], asks: ["-e", "--ed"] }],
  ["shellcheck", { access: "read", skips: ["-e", "-f", "-S", "-s"] }],
  ["pandoc", { access: "work", asks: ["-F", "--filter", "-L", "--lua-filter", "--pdf-engine", "--extract-media"] }],
]);

export const WORK: OperandRule = { access: "work" };
