import { expect, test } from "vitest";
import { AppError } from "../../contract/errors.ts";
import { sshSettings } from "../../provisioning/files/ssh-settings.ts";
import type { Facts } from "../../provisioning/facts.ts";
import type { Command, Shell } from "../../provisioning/shell.ts";
import { admin } from "../../provisioning/steps/admin.ts";
import { loginKey } from "../../provisioning/steps/login-key.ts";
import { ssh } from "../../provisioning/steps/ssh.ts";
import { freshDebian, standInShell, wanted } from "./server-stand-in.ts";

const hardened: Facts["ssh"] = {
  settings: {
    permitrootlogin: "without-password",
    passwordauthentication: "no",
    kbdinteractiveauthentication: "no",
    pubkeyauthentication: "yes",
    maxauthtries: "3",
    clientaliveinterval: "300",
    clientalivecountmax: "2",
    requiredrsasize: "2048",
    kexalgorithms: "sntrup761x25519-sha512@openssh.com,curve25519-sha256,diffie-hellman-group16-sha512",
    ciphers: "aes128-ctr,aes256-gcm@openssh.com",
    macs: "hmac-sha2-256-etm@openssh.com",
  },
  allowed: ["root", "admin"],
  ports: [22],
  people: [],
  isArmed: false,
};

const withSsh = (changes: Partial<Facts["ssh"]>, rest: Partial<Facts> = {}): Facts => ({
  ...freshDebian,
  ...rest,
  ssh: { ...hardened, ...changes },
});
const planned = (facts: Facts) => ssh.plan(facts, wanted);

test("a server whose sshd says all that is wanted is left alone", () => {
  expect(planned(withSsh({}))).toEqual([]);
});

test("each weak algorithm that sshd offers is named, and none that the app speaks is taken away for another's sake", () => {
  const kexalgorithms = "curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256";
  const macs = "umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-256,hmac-sha1";
  expect(planned(withSsh({ settings: { ...hardened.settings, kexalgorithms, macs } })).slice(1)).toEqual([
    "KexAlgorithms without ecdh-sha2-nistp256, diffie-hellman-group14-sha256",
    "MACs without umac-64-etm@openssh.com, hmac-sha2-256, hmac-sha1",
  ]);
});

test("everybody who has a key keeps their way in, and whoever the server names already", () => {
  const users = (changes: Partial<Facts["ssh"]>, user: string) =>
    /^AllowUsers (.*)$/m.exec(sshSettings(withSsh(changes, { user })).text)?.[1];
  expect(users({ allowed: [], people: ["ann", "bob"] }, "ann")).toBe("root admin ann bob");
  expect(users({ allowed: ["deploy@10.0.0.*"], people: ["ann", "bob"] }, "ann")).toBe("root admin ann deploy@10.0.0.*");
  expect(users({ allowed: [], people: [] }, "root")).toBe("root admin");
});

const open = { ...hardened.settings, permitrootlogin: "yes", passwordauthentication: "yes" };

test("whoever signs in with a password gets a key of the app first, then passwords are refused, and the plan says so", () => {
  const facts = withSsh({ settings: open }, { signedInWith: "password", user: "pat" });
  expect([loginKey.plan(facts, wanted), planned(facts).slice(1)]).toEqual([
    ["Install a key of this app for pat, kept on this computer, and sign in with it from then on"],
    [
      "PermitRootLogin prohibit-password",
      "PasswordAuthentication no",
      "Let pat log in too",
      "From then on only keys log in: the app has its own",
    ],
  ]);
  expect(sshSettings(facts).text).toContain("PasswordAuthentication no\n");
  expect(loginKey.plan({ ...facts, signedInWith: "key" }, wanted)).toEqual([]);
});

test("passwords stay where no login proves that a key lets in", () => {
  expect(sshSettings(withSsh({ settings: open }, { signedInWith: "nothing" })).text).not.toMatch(
    /Password|PermitRootLogin|KbdInteractive/,
  );
});

test("a server that refuses root altogether keeps refusing", () => {
  const facts = withSsh({ settings: { ...hardened.settings, permitrootlogin: "no" } });
  expect(planned(facts)).toEqual([]);
  expect(sshSettings(facts).text).toContain("PermitRootLogin no\n");
});

test("settings that were applied and never confirmed are not held to be true", () => {
  expect(planned(withSsh({ isArmed: true }))).toEqual(["Confirm the SSH settings with a second login"]);
});

/** What the step ran, by what each script is for, and how it ended. */
async function apply(logInAgain: Shell["logInAgain"], connected: (command: Command) => void = () => undefined) {
  const ran: string[] = [];
  const shell = standInShell((command) => {
    connected(command);
    const script = command.argv[2] ?? "";
    ran.push(script.includes("systemd-run") ? "arm" : script.includes("were confirmed") ? "confirm" : "restore");
    return undefined;
  });
  const { signal } = new AbortController();
  const context = { facts: withSsh({}), wanted, signal, log: () => undefined, progress: () => undefined };
  const failure = await ssh
    .apply({ ...context, shell: { ...shell, logInAgain } })
    .then(() => null)
    .catch((error: unknown) => error);
  return { ran, failure: failure instanceof AppError ? failure.code : failure };
}

test("settings are confirmed after a second login only; a refused one puts the old ones back at once", async () => {
  const refuse = async () => {
    throw new AppError("connection.auth_failed", "refused");
  };
  expect(await apply(async () => undefined)).toEqual({ ran: ["arm", "confirm"], failure: null });
  expect(await apply(refuse)).toEqual({ ran: ["arm", "restore"], failure: "provision.step_failed" });
});

test("a second login that failed with the first connection is a cut, not a refusal", async () => {
  let isCut = false;
  const cut = async () => {
    isCut = true;
    throw new AppError("connection.lost", "gone");
  };
  const connected = () => {
    if (isCut) throw new AppError("connection.lost", "gone");
  };
  expect(await apply(cut, connected)).toEqual({ ran: ["arm"], failure: "connection.lost" });
});

test("an administrator is made of a key that is as good as root, and one that was there is left alone", () => {
  const changes = (found: Partial<Facts["admin"]>, rest: Partial<Facts> = {}) =>
    admin.plan({ ...freshDebian, ...rest, admin: { ...freshDebian.admin, ...found } }, wanted).length;
  expect(changes({})).toBe(3);
  expect(changes({ exists: true, isOurs: true, hasKeys: true })).toBe(1);
  expect(changes({ exists: true })).toBe(0);
  expect(changes({ loginIsRoot: false })).toBe(0);
  expect(changes({ loginHasKeys: false })).toBe(0);
  expect(changes({ loginHasKeys: false }, { signedInWith: "password" })).toBe(3);
  expect(changes({}, { signedInWith: "nothing" })).toBe(0);
});
