import { INSTALL_DIR, UNITS_DIR } from "../layout.ts";
import { withInput } from "../shell.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** A file that could lock everybody out: it stays only when it is confirmed in time. */
export interface Trial {
  /** One word, such as "ssh". */
  readonly name: string;
  /** In a sentence, such as "SSH settings". */
  readonly title: string;
  readonly path: string;
  /** Script that fails when the server would not understand the file in its place. */
  readonly test: string;
  /** Script: once it has ended, the server goes by the file, or by there being none. */
  readonly load: string;
  /** Units that read the file at boot. */
  readonly readers: string;
}

/** What is kept for putting back is root's alone; the mark in `/run` is gone after a reboot. */
function placesOf({ name }: Trial) {
  const unit = `ai-infrastructure-${name}-rollback`;
  return {
    unit,
    folder: `${INSTALL_DIR}/${name}-rollback`,
    atBoot: `${UNITS_DIR}/${unit}-at-boot.service`,
    wanted: `${UNITS_DIR}/sysinit.target.wants/${unit}-at-boot.service`,
    mark: `/run/${unit}`,
  };
}

/** Says `yes` as `${name}.armed` while a change waits for being confirmed, or for being put back. */
export function trialProbe(trial: Trial): string {
  return `if [ -e ${placesOf(trial).folder}/armed ]; then p ${trial.name}.armed yes; fi`;
}

function disarm(trial: Trial): string {
  return `systemctl stop ${placesOf(trial).unit}.timer 2>/dev/null || true`;
}

function forget(trial: Trial): string {
  const { folder, atBoot, wanted, mark } = placesOf(trial);
  return `rm -rf ${wanted} ${atBoot} ${mark} ${folder}`;
}

/** `load` is for a server that runs; at boot, the units that read the file come later. */
function putBack(trial: Trial, load = ""): string {
  const { path } = trial;
  const { folder } = placesOf(trial);
  return `
[ -e ${folder}/armed ] || exit 0
if [ -e ${folder}/before ]; then
  cp -p ${folder}/before ${path}.new
  mv -T ${path}.new ${path}
else
  rm -f ${path}
fi
${load}
${forget(trial)}
`;
}

/** Not to be taken for a service of this boot: whatever is started pulls in what `sysinit.target` wants. */
function bootUnit(trial: Trial): string {
  const { folder, mark } = placesOf(trial);
  return `[Unit]
Description=Put back ${trial.title} that nobody had confirmed when the server went down
DefaultDependencies=no
After=local-fs.target
Before=${trial.readers}
ConditionPathExists=${folder}/armed
ConditionPathExists=!${mark}

[Service]
Type=oneshot
ExecStart=/bin/sh -eu ${folder}/at-boot
`;
}

/**
 * The timer is armed before anything reads the file, and what was there before is kept once: a change that was never
 * confirmed is not what is put back. Timers are a minute late unless told how exact they should be.
 */
function arm(trial: Trial): string {
  const { path, test, load } = trial;
  const { unit, folder, atBoot, wanted, mark } = placesOf(trial);
  return `
seconds=$1 restore=$2 restoreAtBoot=$3 bootUnit=$4
${disarm(trial)}
mkdir -p -m 700 ${folder}
mkdir -p "$(dirname ${path})" "$(dirname ${wanted})"
touch ${mark}
printf '%s\\n' "$restoreAtBoot" >${folder}/at-boot
printf '%s' "$bootUnit" >${atBoot}
ln -sfn ${atBoot} ${wanted}
if [ ! -e ${folder}/armed ]; then
  rm -f ${folder}/before
  [ ! -e ${path} ] || cp -p ${path} ${folder}/before
  touch ${folder}/armed
fi
sync ${folder}/* ${folder} ${atBoot} "$(dirname ${atBoot})" "$(dirname ${wanted})"
cat >${path}.new
chmod 644 ${path}.new
systemd-run --quiet --collect --unit=${unit} --on-active="$seconds" \\
  --timer-property=AccuracySec=100ms sh -euc "$restore"
mv -T ${path}.new ${path}
if ! { ${test}; }; then
  ${disarm(trial)}
  sh -euc "$restore"
  exit 1
fi
${load}
`;
}

/** Lets the server go by `text`, and puts back what was there unless that is confirmed within `seconds`, or at boot. */
export function armTrial(trial: Trial, text: string, seconds: number): Command {
  const restores = [putBack(trial, trial.load).trim(), putBack(trial).trim()];
  return withInput(rootScript(arm(trial), String(seconds), ...restores, bootUnit(trial)), text);
}

export function confirmTrial(trial: Trial): Command {
  const { unit, folder } = placesOf(trial);
  return rootScript(`
${disarm(trial)}
while systemctl is-active --quiet ${unit}.service; do sleep 0.1; done
if [ ! -e ${folder}/armed ]; then
  echo "What was there before was put back before the new ${trial.title} were confirmed" >&2
  exit 1
fi
${forget(trial)}
`);
}

/** At once, without waiting for the timer. */
export function restoreTrial(trial: Trial): Command {
  return rootScript(`${disarm(trial)}\n${putBack(trial, trial.load)}`);
}

/** The file goes, confirmed or not; then `afterwards` runs. */
export function removeTrial(trial: Trial, afterwards = ""): Command {
  return rootScript(`
${disarm(trial)}
${forget(trial)}
if [ -e ${trial.path} ]; then
  rm -f ${trial.path}
  ${trial.load}
fi
${afterwards}
`);
}
