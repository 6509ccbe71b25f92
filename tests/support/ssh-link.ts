import type { OpenLink } from "../../src-main/servers/link.ts";
import { createSshConnector } from "../../src-main/ssh/connect-ssh.ts";
import { emptyMemory } from "./login-memory.ts";
import type { Sshd } from "./sshd.ts";

/** Opens links to a test server, all through one connector, as the app does. */
export function linksTo(sshd: Sshd): () => Promise<OpenLink> {
  const connector = createSshConnector();
  const address = { host: "127.0.0.1", port: sshd.port, user: sshd.user };
  const auth = { kind: "key_file" as const, path: sshd.key };
  return () =>
    connector.connect({
      server: {
        id: "s1",
        name: "test",
        provisioned: null,
        place: { kind: "ssh", address, auth, hostKey: { algorithm: "ssh-ed25519", fingerprint: sshd.fingerprint } },
      },
      signal: AbortSignal.timeout(30_000),
      ask: (question) => Promise.reject(new Error(`asked: ${question.kind}`)),
      sudoPassword: () => undefined,
      ...emptyMemory,
      jump: emptyMemory,
    });
}
