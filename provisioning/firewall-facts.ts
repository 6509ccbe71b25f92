import { z } from "zod";
import { FIREWALL_TRIAL } from "./commands/firewall.ts";
import { trialProbe } from "./commands/trial.ts";
import { type Lines, toRecord } from "./fact-lines.ts";
import { firewallRules } from "./files/firewall.ts";
import { FIREWALL } from "./layout.ts";

/** What the kernel goes by, whatever the files say. */
export const FirewallFacts = z.object({
  /** Somebody else's firewalls, by name. */
  others: z.array(z.string()),
  /** The rules in force are ours, word for word; what they hold of this server stands beside. */
  inForce: z.boolean(),
  sshPorts: z.array(z.number()),
  own: z.array(z.string()),
  enabled: z.boolean(),
  /** New rules wait for being confirmed, or for being put back. */
  isArmed: z.boolean(),
  /** Ports that answer others than this machine itself, such as `25/tcp`, with their program. */
  answering: z.record(z.string(), z.string()),
});
export type FirewallFacts = z.infer<typeof FirewallFacts>;

/**
 * The kernel itself says how it would print our rules: they are loaded into a network of their own that ends at once.
 * Of others' rules it is told by chain what they hang on, their policy, whether they refuse, and where they jump to.
 */
export const FIREWALL_PROBE = `
print() { nft -s -t list table ${FIREWALL.table} 2>/dev/null; }
elements() { nft list set ${FIREWALL.table} "$1" 2>/dev/null | tr -d '\\n\\t ' | sed -n 's/.*elements={\\([^}]*\\)}.*/\\1/p' | tr ',' '\\n'; }
if command -v nft >/dev/null; then
  ours=$(unshare --net sh -c 'printf "%s" "$1" | nft -f - && nft -s -t list table ${FIREWALL.table}' sh '${firewallRules({ sshPorts: [], own: [] })}' 2>/dev/null)
  [ -n "$ours" ] && [ "$(print)" = "$ours" ] && p firewall.inForce yes
  for port in $(elements ssh_ports); do p firewall.sshPort "$port"; done
  for address in $(elements own4; elements own6); do p firewall.own "$address"; done
  nft -s -t list ruleset 2>/dev/null | awk '
    /^table/ { table = $2 " " $3 }
    /^\\tchain/ { chain = $2; hook = "-"; policy = "-"; refuses = "no"; jumps = "-" }
    chain != "" && /^\\t\\ttype / { hook = $2 "/" $4; if ($0 ~ /policy drop/) policy = "drop"; next }
    chain != "" && / (drop|reject)( |$)|"(DROP|REJECT)"/ { refuses = "yes" }
    chain != "" && match($0, / (jump|goto) [^ ]+/) { split(substr($0, RSTART + 1, RLENGTH - 1), to, " "); jumps = jumps "," to[2] }
    /^\\t}/ && chain != "" { print "firewall.chain\\t" table " " chain " " hook " " policy " " refuses " " jumps; chain = "" }'
fi
for program in iptables-save ip6tables-save iptables-legacy-save ip6tables-legacy-save; do
  command -v "$program" >/dev/null && "$program" 2>/dev/null |
    grep -Eq '^:INPUT DROP|^-A INPUT .*-j (DROP|REJECT)' && p firewall.other iptables
done
grep -qsx 'ENABLED=yes' /etc/ufw/ufw.conf && p firewall.other ufw
systemctl is-active --quiet firewalld && p firewall.other firewalld
systemctl is-enabled --quiet ${FIREWALL.unit} 2>/dev/null && p firewall.enabled yes
ss -Hltunp 2>/dev/null | while read -r kind _ _ _ local _ users; do
  case $local in 127.* | '[::1]'* | *%lo:*) continue ;; esac
  program=$(printf '%s' "$users" | cut -s -d'"' -f2)
  p firewall.answering "\${local##*:}/$kind \${program:--}"
done
${trialProbe(FIREWALL_TRIAL)}
true`;

export function toFirewall(lines: Lines): FirewallFacts {
  const all = (name: string) => lines.get(`firewall.${name}`) ?? [];
  return {
    others: [...new Set([...all("other"), ...strictOnes(all("chain").map(toChain))])],
    inForce: all("inForce").length > 0,
    sshPorts: all("sshPort").map(Number),
    own: [...all("own")],
    enabled: all("enabled").length > 0,
    isArmed: all("armed").length > 0,
    answering: toRecord(all("answering"), ([program = "-"]) => program),
  };
}

interface Chain {
  readonly table: string;
  readonly name: string;
  readonly isInput: boolean;
  readonly refuses: boolean;
  readonly jumps: readonly string[];
}

function toChain(line: string): Chain {
  const [family = "", table = "", name = "", hook = "", policy = "", refuses = "", jumps = ""] = line.split(" ");
  return {
    table: `${family} ${table}`,
    name,
    isInput: hook === "filter/input",
    refuses: policy === "drop" || refuses === "yes",
    jumps: jumps.split(","),
  };
}

/** Who keeps others out, neither by our rules nor by bans. */
function strictOnes(chains: readonly Chain[]): string[] {
  const theirs = chains.filter(
    ({ table, name }) => table !== FIREWALL.table && table !== "inet f2b-table" && !name.startsWith("f2b-"),
  );
  return theirs.filter((chain) => chain.isInput && reachable(chain, theirs).some(({ refuses }) => refuses)).map(nameOf);
}

function nameOf({ table, name }: Chain): string {
  if (name === "INPUT" && /^ip6? filter$/.test(table)) return "iptables";
  return table === "inet firewalld" ? "firewalld" : `the nftables table ${table}`;
}

function reachable(start: Chain, chains: readonly Chain[]): readonly Chain[] {
  const found = new Set([start]);
  for (const chain of found) {
    for (const other of chains) {
      if (other.table === start.table && chain.jumps.includes(other.name)) found.add(other);
    }
  }
  return [...found];
}
