/** One value that the kernel should go by. */
export interface KernelSetting {
  /** Below `/proc/sys`; `*` stands for each network interface, those that come later too. */
  readonly path: string;
  readonly value: string;
  /** Values that are at least as good. */
  readonly alsoGood?: readonly string[];
  readonly reason: string;
}

/**
 * What breaks nothing here: Docker still forwards, bubblewrap and Chromium still make user namespaces, and networks with
 * more than one way out still work.
 */
export const KERNEL_SETTINGS: readonly KernelSetting[] = [
  {
    path: "kernel/kptr_restrict",
    value: "1",
    alsoGood: ["2"],
    reason: "addresses of the kernel, which attacks need, are hidden from users",
  },
  { path: "kernel/dmesg_restrict", value: "1", reason: "messages of the kernel are root's" },
  {
    path: "kernel/yama/ptrace_scope",
    value: "1",
    alsoGood: ["2", "3"],
    reason: "a command that an agent runs does not read the memory of its other processes",
  },
  {
    path: "kernel/unprivileged_bpf_disabled",
    value: "2",
    alsoGood: ["1"],
    reason: "users load no programs into the kernel",
  },
  { path: "net/core/bpf_jit_harden", value: "2", reason: "what root loads is hardened against guessing" },
  { path: "fs/protected_symlinks", value: "1", reason: "no link of another user is followed in a shared folder" },
  { path: "fs/protected_hardlinks", value: "1", reason: "nobody links files that are not theirs" },
  {
    path: "fs/protected_fifos",
    value: "2",
    alsoGood: ["1"],
    reason: "no pipe of another user is written to by mistake",
  },
  {
    path: "fs/protected_regular",
    value: "2",
    alsoGood: ["1"],
    reason: "no file of another user is opened as one's own",
  },
  {
    path: "fs/suid_dumpable",
    value: "0",
    alsoGood: ["2"],
    reason: "the memory of programs with more rights is not written to files of users",
  },
  { path: "net/ipv4/tcp_syncookies", value: "1", reason: "floods of half-open connections do not shut others out" },
  { path: "net/ipv4/conf/*/accept_redirects", value: "0", reason: "neighbours do not redirect traffic" },
  { path: "net/ipv6/conf/*/accept_redirects", value: "0", reason: "neighbours do not redirect traffic" },
  { path: "net/ipv4/conf/*/send_redirects", value: "0", reason: "this server is no router that advises others" },
  { path: "net/ipv4/conf/*/accept_source_route", value: "0", reason: "senders do not choose the way of packets" },
];

/** As `sysctl` names it. */
export function settingName(path: string): string {
  return path.replaceAll("/", ".");
}

/** What files of sysctl.d name with dots or slashes: whichever comes first separates, the other is part of a name. */
export function settingPath(name: string): string {
  const isDotted = /^[^./]*\./.test(name);
  return isDotted ? name.replaceAll(/[./]/g, (mark) => (mark === "." ? "/" : ".")) : name;
}

/** Whether a path is one of those that a setting's path, which may hold one `*`, stands for. */
export function matchesSetting(setting: string, path: string): boolean {
  const [start = "", end] = setting.split("*");
  return end === undefined ? setting === path : path.startsWith(start) && path.endsWith(end);
}
