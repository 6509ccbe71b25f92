import { z } from "zod";
import { AgentName, Level } from "./agents.ts";

/** Everything an agent can do, whichever agents have it. */
export const ToolName = z.enum([
  "read_file",
  "list_files",
  "glob",
  "grep",
  "search_memory",
  "ask_person",
  "ask_peer",
  "submit_output",
  "write_file",
  "edit_file",
  "run_command",
  "run_tests",
  "git",
  "query_database",
  "fetch_url",
  "web_search",
  "delegate",
  "hand_off",
  "broadcast",
  "run_algorithm",
  "docker",
  "systemd",
  "nginx",
  "packages",
  "snapshots",
  "run_as_root",
]);
export type ToolName = z.infer<typeof ToolName>;

/** A tool of an MCP server: `mcp__<server>__<tool>`. */
export const McpToolName = z.string().regex(/^mcp__[a-z][a-z0-9-]{0,31}__[\w-]{1,80}$/);

/** What a level may do by itself, and what a person may allow it when asked. All else is denied. */
export interface LevelRules {
  readonly name: "restricted" | "standard" | "elevated" | "privileged";
  readonly tools: readonly ToolName[];
  /** A path stands for itself and all below it; `{workspace}` for the team's workspace, wherever that is. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Names reached by https on port 443, or `any`. */
  readonly hosts: readonly string[] | "any";
  /** Programs a command may run. */
  readonly programs: readonly string[];
  readonly database: "none" | "reads" | "writes";
  readonly asks: {
    readonly reads: readonly string[];
    readonly writes: readonly string[];
    readonly hosts: boolean;
    /** `others`: programs that are not listed. `system`: those of `SYSTEM_PROGRAMS` too, and root. */
    readonly programs: "none" | "others" | "system";
    readonly database: "none" | "writes";
  };
}

const READING = [
  "read_file",
  "list_files",
  "glob",
  "grep",
  "search_memory",
  "ask_person",
  "ask_peer",
  "submit_output",
] as const;
const CHANGING = ["write_file", "edit_file", "run_command", "run_tests", "git", "query_database"] as const;
const REACHING = ["fetch_url", "web_search", "delegate", "hand_off", "broadcast", "run_algorithm"] as const;
const BROKERED = ["docker", "systemd", "nginx", "packages", "snapshots"] as const;

/** Where packages and their sources come from. */
const PACKAGE_HOSTS = [
  "registry.npmjs.org",
  "pypi.org",
  "files.pythonhosted.org",
  "crates.io",
  "index.crates.io",
  "static.crates.io",
  "proxy.golang.org",
  "sum.golang.org",
  "rubygems.org",
  "repo.maven.apache.org",
  "github.com",
  "api.github.com",
  "codeload.github.com",
  "raw.githubusercontent.com",
  "objects.githubusercontent.com",
];

const words = (text: string): string[] => text.trim().split(/\s+/);

const SHELL_PROGRAMS = words(`
  . : [ bash bg break builtin cd command continue declare dirs echo env eval exec exit export false fc fg getopts hash
  help jobs kill let local mapfile popd printf pushd pwd read readarray readonly return set sh shift shopt sleep source
  test time times trap true type typeset ulimit umask unset wait which xargs timeout nice nohup setsid stdbuf flock`);

const TEXT_PROGRAMS = words(`
  awk base64 basename bc cat cksum cmp column comm csplit cut date df diff dirname du egrep expand expr factor fgrep
  file find fmt fold gawk getconf grep head hexdump hostname iconv id jq join less locale ls lscpu mawk md5sum more nl
  nproc numfmt od paste printenv ps readlink realpath rev rg sed seq sha1sum sha256sum sha512sum shuf sort split stat
  strings sum tac tail tee tr tree tsort tty uname unexpand uniq uptime wc whoami xmllint xxd yes yq free lsof cal`);

const FILE_PROGRAMS = words(`
  bunzip2 bzip2 chmod cp dd gunzip gzip install ln mkdir mktemp mv patch rm rmdir rsync tar touch truncate unlink unzip
  xz unxz zcat zip zstd`);

const WORK_PROGRAMS = words(`
  ar as autoconf automake biome black bun bundle c++ cargo cc clang clang++ clang-format clang-tidy cmake composer cpp
  ctest deno dotnet esbuild eslint flake8 g++ gcc gem gfortran git go gofmt gradle isort java javac javadoc jest ld lua
  make mocha mvn mypy nasm ninja nm node npm npx nyc objdump oxfmt oxlint pandoc perl php phpunit pip pip3 pkg-config
  playwright pnpm poetry prettier protoc pylint pyright pytest python python3 pyupgrade rake ranlib readelf rollup rspec
  rubocop ruby ruff rustc rustfmt rustup shellcheck shfmt size sqlite3 strip stylelint swc tox tsc tsx uv vite vitest
  webpack yarn curl wget`);

const NETWORK_PROGRAMS = words("dig host nslookup ping ss ip traceroute openssl whois");

/** Programs that act on the whole server. Below level 3 they are tools of their own, which the broker checks. */
export const SYSTEM_PROGRAMS: readonly string[] = words(`
  apt apt-get aptitude at batch bwrap certbot chattr chown chgrp chpasswd chroot containerd crictl crontab ctr deluser adduser
  docker docker-compose dpkg fail2ban-client fdisk fsfreeze groupadd groupdel groupmod halt hostnamectl ifconfig
  init insmod ip6tables iptables iptables-restore journalctl kexec kubectl killall loginctl losetup lvremove machinectl
  mkfs mkswap modprobe mount nerdctl nft nginx nsenter parted passwd pg_ctl pg_ctlcluster pg_dropcluster pkill podman
  poweroff reboot rmmod route runuser service setcap setfacl sfdisk shutdown snap su sudo doas pkexec swapoff swapon sysctl
  systemctl systemd-run tc telinit tmux screen ufw umount unshare update-rc.d useradd userdel usermod vgremove visudo
  wipefs`);

const STANDARD_PROGRAMS = [...SHELL_PROGRAMS, ...TEXT_PROGRAMS, ...FILE_PROGRAMS, ...WORK_PROGRAMS];
const NGINX_SITES = ["/etc/nginx/sites-available", "/etc/nginx/sites-enabled"];

/** The permission levels. This table is the only place that says what a level may do. */
export const LEVEL_RULES: Readonly<Record<Level, LevelRules>> = {
  0: {
    name: "restricted",
    tools: READING,
    reads: ["{workspace}"],
    writes: [],
    hosts: [],
    programs: [],
    database: "none",
    asks: { reads: [], writes: [], hosts: false, programs: "none", database: "none" },
  },
  1: {
    name: "standard",
    tools: [...READING, ...CHANGING, ...REACHING],
    reads: ["{workspace}", "/var/www"],
    writes: ["{workspace}"],
    hosts: PACKAGE_HOSTS,
    programs: STANDARD_PROGRAMS,
    database: "reads",
    asks: {
      reads: ["/etc/nginx", "/var/log"],
      writes: ["/var/www"],
      hosts: true,
      programs: "others",
      database: "writes",
    },
  },
  2: {
    name: "elevated",
    tools: [...READING, ...CHANGING, ...REACHING, ...BROKERED],
    reads: ["{workspace}", "/var/www", "/etc/nginx", "/var/log"],
    writes: ["{workspace}", "/var/www", ...NGINX_SITES],
    hosts: "any",
    programs: [...STANDARD_PROGRAMS, ...NETWORK_PROGRAMS],
    database: "writes",
    asks: {
      reads: ["/etc", "/opt", "/srv", "/var"],
      writes: ["/etc/nginx", "/srv"],
      hosts: true,
      programs: "others",
      database: "writes",
    },
  },
  3: {
    name: "privileged",
    tools: [...READING, ...CHANGING, ...REACHING, ...BROKERED, "run_as_root"],
    reads: ["{workspace}", "/var/www", "/etc/nginx", "/var/log"],
    writes: ["{workspace}", "/var/www", ...NGINX_SITES],
    hosts: "any",
    programs: [...STANDARD_PROGRAMS, ...NETWORK_PROGRAMS],
    database: "writes",
    asks: { reads: ["/"], writes: ["/"], hosts: true, programs: "system", database: "writes" },
  },
};

/** No tool reads or writes these, at any level, whoever says yes: secrets, and doors past the permissions. */
export const SEALED_PATHS: readonly string[] = [
  "/etc/shadow",
  "/etc/gshadow",
  "/etc/credstore",
  "/etc/credstore.encrypted",
  "/etc/ssl/private",
  "/etc/letsencrypt/archive",
  "/etc/letsencrypt/keys",
  "/etc/letsencrypt/live",
  "/root",
  "/home",
  "/run",
  "/var/run",
  "/var/lib/ai-infrastructure",
  "/var/lib/postgresql",
  "/var/lib/redis",
  "/var/lib/docker",
  "/dev",
  "/proc",
  "/sys",
  "/boot",
];

/** Where the permissions themselves live: to write there always asks, and never by a grant or an auto-approval. */
export const POLICY_PATHS: readonly string[] = [
  "/etc/ai-infrastructure",
  "/etc/sudoers",
  "/etc/sudoers.d",
  "/etc/systemd",
  "/etc/ssh",
  "/etc/pam.d",
  "/opt/ai-infrastructure",
];
export const POLICY_FILE = "/etc/ai-infrastructure/policy.json";

const Pattern = z.string().min(1).max(1024);

/** Actions by tool and, where given, by program, verb and target; `*` stands for any text. */
export const ActionPattern = z.strictObject({
  tool: z.union([ToolName, McpToolName]),
  /** Of a command: `git`, `npm`. */
  program: Pattern.optional(),
  /** `restart` of a service, `push` of git. */
  verb: Pattern.optional(),
  /** A path, a unit, a host. */
  target: Pattern.optional(),
});
export type ActionPattern = z.infer<typeof ActionPattern>;

/** A person lets an agent do something without being asked, for some time: "infra may restart nginx for 1 h". */
export const Grant = z.strictObject({
  id: z.string().min(1),
  agent: AgentName,
  covers: ActionPattern,
  until: z.iso.datetime(),
  givenBy: z.string().min(1),
});
export type Grant = z.infer<typeof Grant>;

export const PolicyRule = z.strictObject({
  ...ActionPattern.shape,
  /** Of these agents and levels only; all when absent. */
  agents: z.array(AgentName).optional(),
  levels: z.array(Level).optional(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** The policy file. It narrows what levels may do, and answers questions for a person; it widens no level. */
export const Policy = z.strictObject({
  autoApprove: z.array(PolicyRule).default([]),
  deny: z.array(PolicyRule).default([]),
});
export type Policy = z.infer<typeof Policy>;
