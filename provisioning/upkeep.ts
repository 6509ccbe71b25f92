import { z } from "zod";
import type { Lines } from "./fact-lines.ts";
import { UPDATE_SETTING_NAMES } from "./files/updates.ts";
import { KERNEL_SETTINGS, matchesSetting, settingPath } from "./kernel-settings.ts";
import { CHOICES_FILE, JOURNAL_DROP_IN, SYSCTL_DROP_IN } from "./layout.ts";

const KernelValue = z.object({
  /** Below `/proc/sys`. */
  path: z.string(),
  value: z.string(),
  /** Containers may look at values that only their host may change. */
  isWritable: z.boolean(),
});
export type KernelValue = z.infer<typeof KernelValue>;

/** What keeps a server going for years: its updates, clock, logs and kernel settings. */
export const Upkeep = z.object({
  /** The present `choices.json`, empty when there is none. */
  choices: z.string(),
  updates: z.object({
    /** As apt itself says them, whichever file they stand in. */
    settings: z.record(z.string(), z.array(z.string())),
    hasTimers: z.boolean(),
  }),
  /** The service that keeps the clock; null when there is none. */
  clock: z.object({ service: z.string(), isRunning: z.boolean() }).nullable(),
  journal: z.object({
    /** Of all its files, the value that counts. */
    settings: z.record(z.string(), z.string()),
    /** Keys that somebody else has set. */
    foreign: z.array(z.string()),
    /** It was started since our file was written. */
    isCurrent: z.boolean(),
  }),
  hasRotation: z.boolean(),
  kernel: z.object({
    values: z.array(KernelValue),
    /** Settings of ours, by their path, that somebody else has made. */
    foreign: z.array(z.string()),
  }),
});
export type Upkeep = z.infer<typeof Upkeep>;

const CLOCK_SERVICES = ["chrony", "ntpsec", "ntp", "openntpd", "systemd-timesyncd"];

export const UPKEEP_PROBE = `
[ -r ${CHOICES_FILE} ] && sed 's/^/choices	/' ${CHOICES_FILE}
apt-config dump 2>/dev/null | grep -E '^(${UPDATE_SETTING_NAMES}) ' | sed 's/^/updates.setting	/'
runs apt-daily.timer && runs apt-daily-upgrade.timer && p updates.timers yes
for service in ${CLOCK_SERVICES.join(" ")}; do
  case $(systemctl is-enabled $service.service 2>/dev/null) in enabled | disabled) ;; *) continue ;; esac
  p clock.service $service
  runs $service.service && p clock.running yes
  break
done
systemd-analyze cat-config systemd/journald.conf 2>/dev/null |
  awk '/^# \\// { file = $2 } /^[A-Za-z]+=/ { print "journal.setting\\t" file " " $0 }'
is_since systemd-journald ${JOURNAL_DROP_IN} && p journal.current yes
runs logrotate.timer && p rotation yes
for file in ${KERNEL_SETTINGS.map(({ path }) => `/proc/sys/${path}`).join(" ")}; do
  value=$(cat "$file" 2>/dev/null) || continue
  if [ -w "$file" ]; then p kernel.value "\${file#/proc/sys/} $value w"; else p kernel.value "\${file#/proc/sys/} $value r"; fi
done
for file in /etc/sysctl.conf $(grep -lE '^[[:space:]]*-?(fs|kernel|net)[./]' /etc/sysctl.d/*.conf 2>/dev/null); do
  [ "$(readlink -f "$file")" != "$(readlink -f ${SYSCTL_DROP_IN})" ] || continue
  [ "$file" = /etc/sysctl.conf ] || ! dpkg-query -S "$file" >/dev/null 2>&1 || continue
  sed -nE 's/^[[:space:]]*-?((fs|kernel|net)[./][^[:space:]=]+).*/kernel.foreign	\\1/p' "$file" 2>/dev/null
done
true`;

export function toUpkeep(lines: Lines): z.input<typeof Upkeep> {
  const all = (name: string) => lines.get(name) ?? [];
  const service = all("clock.service")[0];
  return {
    choices: all("choices").join("\n"),
    updates: { settings: toUpdateSettings(all("updates.setting")), hasTimers: lines.has("updates.timers") },
    clock: service === undefined ? null : { service, isRunning: lines.has("clock.running") },
    journal: { ...toJournal(all("journal.setting")), isCurrent: lines.has("journal.current") },
    hasRotation: lines.has("rotation"),
    kernel: toKernel(all("kernel.value"), all("kernel.foreign")),
  };
}

/** Lines of `apt-config dump`, such as `APT::Periodic::Unattended-Upgrade "1";`. */
function toUpdateSettings(dump: readonly string[]): Record<string, string[]> {
  const settings: Record<string, string[]> = {};
  for (const line of dump) {
    const [, name, value] = /^(\S+) "(.*)";$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) (settings[name] ??= []).push(value);
  }
  return settings;
}

/** Lines of a file and `key=value`, in the order in which journald reads them. */
function toJournal(lines: readonly string[]) {
  const entries = lines.flatMap((line) => {
    const [, file = "", key = "", value = ""] = /^(\S+) (\w+)=(.*)$/.exec(line) ?? [];
    return key === "" ? [] : [{ file, key, value }];
  });
  const foreign = entries.filter(({ file }) => file !== JOURNAL_DROP_IN).map(({ key }) => key);
  return {
    settings: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
    foreign: [...new Set(foreign)],
  };
}

function toKernel(values: readonly string[], foreign: readonly string[]) {
  const set = foreign.map(settingPath);
  const isForeign = ({ path }: { path: string }) => set.some((found) => found === path || matchesSetting(path, found));
  return {
    values: values.map((line) => {
      const [path = "", value = "", access] = line.split(" ");
      return { path, value, isWritable: access === "w" };
    }),
    foreign: KERNEL_SETTINGS.filter(isForeign).map(({ path }) => path),
  };
}
