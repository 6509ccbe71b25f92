import { rootScript } from "./commands/script.ts";
import { parseLines, PRINT } from "./fact-lines.ts";
import type { RunOptions, Shell } from "./shell.ts";

export interface WaysIn {
  /** Of this server, the one on the way to the internet first. It may have others outside. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly hostKeys: readonly { readonly algorithm: string; readonly fingerprint: string }[];
}

const READ = `
export LC_ALL=C
${PRINT}
for way in '-4 route get 192.0.2.1' '-6 route get 2001:db8::1'; do
  # shellcheck disable=SC2086
  address=$(ip -o $way 2>/dev/null | sed -n 's/.* src \\([^ ]*\\).*/\\1/p')
  if [ -n "$address" ]; then p address "$address"; fi
done
ip -o address show scope global | awk '$2 !~ /^(docker|br-|veth)/ { sub("/.*", "", $4); print "address\\t" $4 }'
p port "$(sshd -T | awk '$1 == "port" { print $2; exit }')"
for key in ed25519 ecdsa rsa; do
  file=/etc/ssh/ssh_host_\${key}_key.pub
  [ ! -r "$file" ] || p key "$key $(ssh-keygen -lf "$file" | cut -d' ' -f2)"
done
`;

/** How the app reaches this server, as the server itself sees it. The host key that the app asks for comes first. */
export async function readWaysIn(shell: Shell, options: RunOptions = {}): Promise<WaysIn> {
  const { stdout } = await shell.run(rootScript(READ), options);
  const lines = parseLines(stdout);
  return {
    addresses: [...new Set(lines.get("address") ?? [])],
    port: Number(lines.get("port")?.[0] ?? 22),
    hostKeys: (lines.get("key") ?? []).map((line) => {
      const [algorithm = "", fingerprint = ""] = line.split(" ");
      return { algorithm, fingerprint };
    }),
  };
}
