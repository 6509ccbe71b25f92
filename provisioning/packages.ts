/** Packages every server gets, with what needs them. */
export const PACKAGES: Readonly<Record<string, string>> = {
  postgresql: "database",
  "redis-server": "live events",
  tmux: "agents' windows",
  sudo: "agents run as users of their own",
  bubblewrap: "sandbox for commands",
  socat: "sandbox network",
  ripgrep: "agents search files",
  git: "agents keep work",
  curl: "agents fetch pages",
  "ca-certificates": "encrypted connections",
  htop: "monitor window",
  btop: "a look at the server",
  nginx: "web server",
  certbot: "certificates",
  "unattended-upgrades": "security updates",
  logrotate: "logs do not fill the disk",
  nftables: "firewall",
  fail2ban: "bans who guesses logins",
  "python3-systemd": "fail2ban reads the journal",
};
export const PACKAGE_NAMES = Object.keys(PACKAGES);

/** Services that answer nobody before their own step has set them up, by the package that would start them. */
export const STARTED_LATER: Readonly<Record<string, string>> = {
  postgresql: "postgresql",
  "redis-server": "redis-server",
  nginx: "nginx",
  "docker.io": "docker",
};

/** Only where nothing keeps the clock yet. */
export const CLOCK_PACKAGE = "systemd-timesyncd";

const APPARMOR = { apparmor: "confines containers where the kernel can" };
const DEBIAN_12 = { "docker.io": "containers", "docker-compose": "several containers at once", ...APPARMOR };
const DEBIAN = { ...DEBIAN_12, "docker-cli": "containers from the command line" };
const UBUNTU = { "docker.io": "containers", "docker-compose-v2": "several containers at once", ...APPARMOR };

/** Docker and compose, which each distribution cuts and names in its own way. */
export function dockerPackages({
  id,
  version,
}: {
  readonly id: string;
  readonly version: string;
}): Readonly<Record<string, string>> {
  if (id === "ubuntu") return UBUNTU;
  return version === "12" ? DEBIAN_12 : DEBIAN;
}

/** Whether Docker from this package, or none yet, is ours to install and to set up. */
export function isOurDocker(from: string): boolean {
  return from === "" || from === "docker.io";
}

/** All that a server is asked about. */
export const KNOWN_PACKAGES: readonly string[] = [
  ...new Set([...PACKAGE_NAMES, CLOCK_PACKAGE, ...[DEBIAN, UBUNTU].flatMap((packages) => Object.keys(packages))]),
];
