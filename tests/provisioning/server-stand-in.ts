import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";
import type { Facts } from "../../provisioning/facts.ts";
import { PROBES } from "../../provisioning/probes.ts";
import type { Command, CommandResult, DetachedOptions, RunOptions, Shell } from "../../provisioning/shell.ts";
import type { Wanted } from "../../provisioning/wanted.ts";

const artifact = { compressed: async () => await Promise.resolve("/nowhere.gz"), sha256: "a".repeat(64), bytes: 1 };

export const wanted: Wanted = {
  wishes: {},
  release: {
    version: "1.2.3",
    architecture: "x86_64",
    node: artifact,
    daemon: artifact,
    memoryModel: MEMORY_MODEL_FILES.map((name) => ({ name, artifact })),
  },
  qdrant: null,
};

export const freshDebian: Facts = {
  user: "root",
  signedInWith: "key",
  connection: { client: "203.0.113.7", port: 22 },
  root: "login",
  sudoRefused: false,
  distribution: { id: "debian", version: "12", name: "Debian GNU/Linux 12 (bookworm)" },
  architecture: "x86_64",
  kernel: "6.1.0",
  cores: 2,
  memoryMb: 2000,
  systemd: true,
  canEncrypt: true,
  disks: { "/": 20_000, "/usr": 20_000, "/var": 20_000, "/opt": 20_000 },
  preflight: {
    clockAheadS: 0,
    swapMb: 0,
    container: false,
    rootFilesystem: "ext2/ext3",
    mirror: { uri: "http://deb.debian.org/debian/dists/bookworm/InRelease", failure: "" },
    listening: {},
    packaged: [],
    redisInUse: "no",
  },
  packages: [],
  packagesInterrupted: false,
  packageUpdates: null,
  groups: [],
  users: {},
  paths: {},
  release: { folder: "", node: "", daemon: "", kept: [], upgradeFrom: "" },
  memoryModel: {},
  postgres: {
    running: false,
    role: false,
    database: false,
    workspace: false,
    settings: {},
    isDurable: false,
    others: [],
    port: null,
    trusts: false,
  },
  redis: { included: false, configured: false, credential: false },
  docker: { from: "", running: false, liveRestore: false, isCurrent: false, inSwarm: false },
  sandbox: { works: false, failure: "", isRestricted: false },
  qdrant: {
    installed: "",
    unreachable: "",
    isPortTaken: false,
    hasKey: false,
    isServing: false,
    isCurrent: false,
    isDaemonWithoutKey: false,
  },
  upkeep: {
    choices: "",
    updates: { settings: {}, hasTimers: true },
    clock: null,
    journal: { settings: {}, foreign: [], isCurrent: true },
    hasRotation: true,
    kernel: { values: [], foreign: [] },
  },
  web: {
    version: "",
    packaged: false,
    readsSites: false,
    valid: false,
    running: false,
    exampleSite: false,
    sites: [],
    foreign: [],
    ownCompression: false,
    defaultEnabled: false,
    silent: false,
    ipv6: true,
    renewalTimer: false,
  },
  ssh: {
    settings: { permitrootlogin: "yes", passwordauthentication: "yes" },
    allowed: [],
    ports: [22],
    people: [],
    isArmed: false,
  },
  firewall: { others: [], inForce: false, sshPorts: [], own: [], enabled: false, isArmed: false, answering: {} },
  fail2ban: { running: false, watches: false, counts: false, sparesLogins: false, others: [] },
  admin: { exists: false, isOurs: false, hasKeys: false, loginHasKeys: true, loginIsRoot: true },
  units: {},
  applied: [],
  daemonConfig: "",
  daemonHealthy: false,
};

export const LOOKS_LIKE_DEBIAN = `user\troot
root\tlogin
os.id\tdebian
os.version\t12
os.name\tDebian
architecture\tx86_64
kernel\t6.1
cores\t2
memoryKb\t4000000
systemd\tyes
disk\t/ 20000
end\tyes
`;

/** A shell to a server that stays fresh whatever is done to it; `answer` may fail or change single commands. */
export function standInShell(answer: (command: Command) => string | undefined = () => undefined): Shell {
  const isProbe = ({ argv }: Command) =>
    argv.some((word) => word.includes(PROBES.packages) || word.includes("p end yes"));
  const run = async (command: Command, _options?: RunOptions | DetachedOptions): Promise<CommandResult> => {
    const stdout = answer(command) ?? (isProbe(command) ? LOOKS_LIKE_DEBIAN : "");
    return { exitCode: 0, stdout, stderr: "" };
  };
  return {
    signedInWith: "key",
    appKey: null,
    logInAgain: async () => undefined,
    run,
    runDetached: run,
    upload: async () => undefined,
  };
}
