import type { PackagesInput } from "../../contract/broker.ts";
import { AppError } from "../../contract/errors.ts";
import type { Kept, RootSnapshot } from "../../contract/root-snapshots.ts";
import type { Family, Restore, Workbench } from "./family.ts";
import type { Argv } from "./programs.ts";

type Bench = Pick<Workbench, "programs" | "snapshots" | "onOutput" | "onProgress">;

const APT = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"] as const;
const INSTALL_MS = 1_800_000;

export function packagesFamily(bench: Bench): Family<PackagesInput> {
  return {
    async check({ names }) {
      if (await areKnown(bench, names)) return;
      bench.onProgress("Reading the package lists");
      await apt(bench, ["update"]);
      for (const name of names) {
        if (await areKnown(bench, [name])) continue;
        throw new AppError("app.not_found", `There is no package ${name} in the sources of this server`);
      }
    },
    async keep() {
      return { kind: "packages", before: await readVersions(bench), installed: [], upgraded: [] };
    },
    async act({ names }, snapshot) {
      try {
        await apt(bench, ["install", "--no-install-recommends", "--", ...names]);
      } finally {
        if (snapshot) await noteChanges(bench, snapshot);
      }
      return `Installed ${names.join(", ")}`;
    },
  };
}

/** Takes away what the installation brought, and puts earlier versions back where the sources still have them. */
export function restorePackages(bench: Bench): Restore<"packages"> {
  return async ({ installed, upgraded }) => {
    if (installed.length > 0) await apt(bench, ["remove", "--", ...installed]);
    if (upgraded.length > 0) {
      const versions = upgraded.map(({ name, from }) => `${name}=${from}`);
      await apt(bench, ["install", "--allow-downgrades", "--no-install-recommends", "--", ...versions]);
    }
    return `Removed ${installed.length} packages, put ${upgraded.length} back to their earlier versions`;
  };
}

/** What is not a whole name would be an expression for apt. */
async function areKnown({ programs }: Bench, names: readonly string[]): Promise<boolean> {
  const found = await programs.ask(["apt-cache", "show", "--no-all-versions", "--", ...names]);
  const known = new Set((found ?? "").split("\n").flatMap((line) => /^Package: (.+)$/.exec(line)?.[1] ?? []));
  return names.every((name) => known.has(name));
}

async function noteChanges(bench: Bench, snapshot: RootSnapshot): Promise<void> {
  if (snapshot.kept.kind !== "packages") return;
  const after = await readVersions(bench);
  await bench.snapshots.update(snapshot, { ...snapshot.kept, ...changesBetween(snapshot.kept.before, after) });
}

type Versions = Readonly<Record<string, string>>;

export function changesBetween(before: Versions, after: Versions): Pick<KeptPackages, "installed" | "upgraded"> {
  const names = Object.keys(after);
  return {
    installed: names.filter((name) => !Object.hasOwn(before, name)),
    upgraded: names.flatMap((name) => {
      const from = before[name];
      return from === undefined || from === after[name] ? [] : [{ name, from }];
    }),
  };
}

type KeptPackages = Extract<Kept, { kind: "packages" }>;

async function readVersions({ programs }: Bench): Promise<Record<string, string>> {
  const format = "--showformat=${db:Status-Status} ${binary:Package} ${Version}\\n";
  const text = await programs.ask(["dpkg-query", "--show", format]);
  if (text === null) throw new AppError("broker.failed", "The versions of the packages cannot be read");
  const installed = text.split("\n").flatMap((line) => {
    const [status, name, version] = line.split(" ");
    return status === "installed" && name && version ? [[name, version] as const] : [];
  });
  return Object.fromEntries(installed);
}

/** To its end, also when whoever asked has gone: a package half unpacked is worse than one too many. */
async function apt({ programs, onOutput }: Bench, words: readonly string[]): Promise<void> {
  const argv: Argv = [...APT, ...words];
  const environment = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
  await programs.asService(argv, { onOutput, environment, isUncut: true, timeoutMs: INSTALL_MS });
}
