/** Debian packages every server gets, with what needs them. */
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
  nginx: "web server",
  certbot: "certificates",
  nftables: "firewall",
  fail2ban: "bans who guesses logins",
  "python3-systemd": "fail2ban reads the journal",
};
export const PACKAGE_NAMES = Object.keys(PACKAGES);
