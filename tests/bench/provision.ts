import { rmSync } from "node:fs";
import { dockerPackages, PACKAGE_NAMES } from "../../provisioning/packages.ts";
import { type Lab, startLab } from "../support/lab-server.ts";
import type { Bench } from "./figure.ts";
import { provision, temporaryHome, whyNoLab } from "./known-server.ts";

const BARE = { name: "bench1", address: 61 };
const OURS = { name: "bench2", address: 62 };
/** All that a fresh Debian 12 gets, Docker too. */
const PACKAGES = [...PACKAGE_NAMES, ...Object.keys(dockerPackages({ id: "debian", version: "12" }))];
const APT_TIMEOUT_MS = 1_800_000;
const SECOND_RUN_BUDGET_MS = 5000;

/** A fresh server made ready, against apt alone on an equal one: before it and once more after it, for the noise. */
export const provisionBench: Bench = {
  name: "provision",
  unavailable: whyNoLab,
  run: async () => {
    await fillPackageCache();
    const before = await timeApt();
    const { first, second } = await timeProvision();
    const after = await timeApt();
    const apt = (before + after) / 2;
    return [
      figure("provision a fresh server", first, { name: "apt alone", value: apt, atMost: 1.25 }),
      figure("apt alone after, against before", after, { name: "before", value: before, atMost: 2 }),
      figure("provision again", second, { name: "budget", value: SECOND_RUN_BUDGET_MS, atMost: 1 }),
    ];
  },
};

function figure(name: string, ms: number, against: { name: string; value: number; atMost: number }) {
  const baseline = { name: against.name, value: against.value / 1000 };
  return { name, value: ms / 1000, unit: "s", baseline, bar: { atMost: against.atMost } } as const;
}

/** Every server then starts with the same packages fetched. */
async function fillPackageCache(): Promise<void> {
  await withLab(BARE, (lab) => lab.sh(aptScript("install --download-only"), { timeoutMs: APT_TIMEOUT_MS }));
}

async function timeApt(): Promise<number> {
  return withLab(BARE, async (lab) => {
    const started = performance.now();
    await lab.sh(aptScript("install"), { timeoutMs: APT_TIMEOUT_MS });
    return performance.now() - started;
  });
}

function aptScript(install: string): string {
  const apt = "DEBIAN_FRONTEND=noninteractive apt-get -q -y";
  return `${apt} update && ${apt} ${install} --no-install-recommends -- ${PACKAGES.join(" ")}`;
}

async function timeProvision(): Promise<{ readonly first: number; readonly second: number }> {
  const home = temporaryHome();
  const times = await withLab(OURS, async (lab) => {
    const first = await provision({ lab, home });
    return { first, second: await provision({ lab, home }) };
  });
  rmSync(home, { recursive: true, force: true });
  return times;
}

async function withLab<T>(options: typeof BARE, use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await startLab(options);
  try {
    return await use(lab);
  } finally {
    await lab.stop();
  }
}
