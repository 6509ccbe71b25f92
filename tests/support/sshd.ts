import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";

/** A real OpenSSH server on loopback with its own keys, port and folder. Needs root, as `sshd` does here. */
export interface Sshd {
  readonly port: number;
  readonly folder: string;
  readonly user: string;
  /** A private key that may log in, and the same kind of key with a passphrase. */
  readonly key: string;
  readonly lockedKey: string;
  readonly strangeKey: string;
  readonly passphrase: string;
  readonly fingerprint: string;
  /** What it has logged so far. */
  log(): string;
  /** Kills every session at once, as a cable pulled on the server's side would. */
  killSessions(): void;
  /** From now on they answer nothing, as a server that hangs. */
  freezeSessions(): void;
  stopListening(): Promise<void>;
  start(): Promise<void>;
  /** Replaces its host key, as a reinstalled server or an attacker would have. */
  changeHostKey(): Promise<void>;
  close(): Promise<void>;
}

/** `settings`: lines of `sshd_config` that come before the usual ones. */
export async function startSshd(settings = "", listen = "127.0.0.1"): Promise<Sshd> {
  const folder = mkdtempSync(path.join(tmpdir(), "ai-infra-sshd-"));
  const file = (name: string) => path.join(folder, name);
  const passphrase = "correct horse";
  keygen(file("host_key"), "");
  keygen(file("key"), "");
  keygen(file("locked_key"), passphrase);
  keygen(file("strange_key"), "");
  writeFileSync(file("authorized_keys"), [file("key"), file("locked_key")].map(publicKey).join(""));
  const port = await freePort();
  writeFileSync(file("sshd_config"), settings + configText(folder, { listen, port }));
  spawnSync("mkdir", ["-p", "/run/sshd"]);
  let daemon: ChildProcess | null = null;
  /** Sessions of one that no longer listens. */
  let left: readonly number[] = [];

  const start = async (): Promise<void> => {
    daemon = spawn("/usr/sbin/sshd", ["-D", "-f", file("sshd_config"), "-E", file("log")], { stdio: "ignore" });
    await untilListening(port, listen);
  };
  const stopListening = async (): Promise<void> => {
    const stopped = daemon;
    daemon = null;
    if (!stopped || stopped.exitCode !== null) return;
    left = [...left, ...sessionsOf(stopped)];
    const ended = new Promise((resolve) => stopped.once("exit", resolve));
    stopped.kill("SIGTERM");
    await ended;
  };
  const signalSessions = (signal: "SIGKILL" | "SIGSTOP") => () => {
    for (const pid of [...left, ...sessionsOf(daemon)]) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended by itself.
      }
    }
  };
  const killSessions = signalSessions("SIGKILL");
  await start();
  return {
    port,
    folder,
    user: userInfo().username,
    key: file("key"),
    lockedKey: file("locked_key"),
    strangeKey: file("strange_key"),
    passphrase,
    get fingerprint() {
      return fingerprintOf(file("host_key.pub"));
    },
    log: () => readFileSync(file("log"), "utf8"),
    killSessions,
    freezeSessions: signalSessions("SIGSTOP"),
    stopListening,
    start,
    async changeHostKey() {
      await stopListening();
      rmSync(file("host_key"));
      rmSync(file("host_key.pub"));
      keygen(file("host_key"), "");
      await start();
    },
    async close() {
      killSessions();
      await stopListening();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configText(folder: string, { listen, port }: { listen: string; port: number }): string {
  return `
ListenAddress ${listen}
Port ${port}
HostKey ${folder}/host_key
PidFile none
AuthorizedKeysFile ${folder}/authorized_keys
# Not the start files of whoever runs the tests: they may be slow, or leave locks when a session is killed.
SetEnv HOME=${folder}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel DEBUG1
MaxSessions 20
`;
}

function keygen(file: string, passphrase: string): void {
  const run = spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-a", "4", "-N", passphrase, "-f", file]);
  if (run.status !== 0) throw new Error(`ssh-keygen: ${String(run.stderr)}`);
}

function publicKey(file: string): string {
  return readFileSync(`${file}.pub`, "utf8");
}

function fingerprintOf(file: string): string {
  const fingerprint = spawnSync("ssh-keygen", ["-lf", file], { encoding: "utf8" }).stdout.split(" ")[1];
  if (!fingerprint) throw new Error(`No fingerprint of ${file}`);
  return fingerprint;
}

export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number, host: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, host);
      socket.once("connect", () => (socket.destroy(), resolve(true)));
      socket.once("error", () => resolve(false));
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`sshd does not listen on ${port}`);
}

/** Not what they have started. None of a daemon that does not run: process 0 is the parent of everybody's. */
function sessionsOf(daemon: ChildProcess | null): readonly number[] {
  if (daemon?.pid === undefined) return [];
  const children = childrenOf(daemon.pid);
  return children.flatMap((child) => [...childrenOf(child, "sshd"), child]);
}

function childrenOf(pid: number, ...named: readonly string[]): readonly number[] {
  const found = spawnSync("pgrep", ["-P", String(pid), ...named], { encoding: "utf8" }).stdout.split("\n");
  return found.filter(Boolean).map(Number);
}
