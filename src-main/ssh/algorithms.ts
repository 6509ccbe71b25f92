import type { Algorithms, ServerHostKeyAlgorithm } from "ssh2";
import type { HostKey } from "../../contract/servers.ts";

const HOST_KEYS: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/**
 * What we offer a server. Ciphers without chacha20, which Electron's crypto does not have. The pinned key's algorithm
 * comes first, so that a server with several keys shows the one we know.
 */
export function algorithmsFor(pinned: HostKey | null): Algorithms {
  const isPinned = (name: string) => name === pinned?.algorithm || (pinned?.algorithm === "ssh-rsa" && isRsa(name));
  return {
    kex: [
      "curve25519-sha256",
      "curve25519-sha256@libssh.org",
      "ecdh-sha2-nistp256",
      "ecdh-sha2-nistp384",
      "ecdh-sha2-nistp521",
      "diffie-hellman-group16-sha512",
      "diffie-hellman-group14-sha256",
      "diffie-hellman-group-exchange-sha256",
    ],
    cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
    hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
    serverHostKey: [...HOST_KEYS.filter(isPinned), ...HOST_KEYS.filter((name) => !isPinned(name))],
    compress: ["none"],
  };
}

function isRsa(name: string): boolean {
  return name.startsWith("rsa-sha2-");
}
