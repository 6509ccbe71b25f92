import { ADMIN_USER, SSH_DROP_IN } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/** Value by keyword. Those of `PASSWORDS` are left as they are where no login proves that a key lets in. */
export const WANTED_SETTINGS = {
  PermitRootLogin: "prohibit-password",
  PasswordAuthentication: "no",
  KbdInteractiveAuthentication: "no",
  PubkeyAuthentication: "yes",
  MaxAuthTries: "3",
  ClientAliveInterval: "300",
  ClientAliveCountMax: "2",
  RequiredRSASize: "2048",
} as const;
type Keyword = keyof typeof WANTED_SETTINGS;

const PASSWORDS: ReadonlySet<Keyword> = new Set([
  "PermitRootLogin",
  "PasswordAuthentication",
  "KbdInteractiveAuthentication",
]);

/**
 * Taken out of what the server's own version offers, so that its newest algorithms stay, and those that the app speaks:
 * NIST curves and SHA-1 in key exchange, and checksums that are short, of SHA-1, or not of the encrypted text.
 */
export const WEAK_ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  KexAlgorithms: ["ecdh-sha2-*", "diffie-hellman-group14-*", "diffie-hellman-group1-*", "*-sha1"],
  Ciphers: ["*-cbc", "arcfour*"],
  MACs: ["umac-*", "hmac-sha1*", "hmac-md5*", "hmac-sha2-256", "hmac-sha2-512"],
};

/** What the settings depend on. */
export interface SshBefore {
  readonly user: string;
  readonly signedInWith: "key" | "password" | "nothing";
  readonly ssh: {
    readonly settings: Readonly<Record<string, string>>;
    readonly allowed: readonly string[];
    readonly people: readonly string[];
  };
}

/** The settings that a server should have. A server that refuses root altogether keeps refusing. */
export function wantedSettings({ signedInWith, ssh }: SshBefore): readonly (readonly [Keyword, string])[] {
  const entries = Object.entries(WANTED_SETTINGS) as [Keyword, string][];
  return entries
    .filter(([keyword]) => signedInWith !== "nothing" || !PASSWORDS.has(keyword))
    .map(([keyword, value]) => {
      const keeps = keyword === "PermitRootLogin" && ssh.settings["permitrootlogin"] === "no";
      return [keyword, keeps ? "no" : value] as const;
    });
}

/**
 * Who may log in: whom the server names already, or else everybody who has a key there; root, the administrator and
 * this login in any case.
 */
export function wantedUsers({ user, ssh }: SshBefore): readonly string[] {
  const found = ssh.allowed.length > 0 ? ssh.allowed : ssh.people;
  const named = new Set(found.map((entry) => entry.split("@")[0]));
  return [
    ...["root", ADMIN_USER, user].filter((name, at, all) => !named.has(name) && all.indexOf(name) === at),
    ...found,
  ];
}

export function sshSettings(before: SshBefore): OurFile {
  const settings = wantedSettings(before).map(([keyword, value]) => `${keyword} ${value}`);
  const algorithms = Object.entries(WEAK_ALGORITHMS).map(([keyword, names]) => `${keyword} -${names.join(",")}`);
  const lines = [...settings, ...algorithms, `AllowUsers ${wantedUsers(before).join(" ")}`];
  return {
    path: SSH_DROP_IN,
    mode: "644",
    text: `# Written by AI Infrastructure. sshd takes the first value it reads: this file comes before the others.\n${lines.join("\n")}\n`,
  };
}
