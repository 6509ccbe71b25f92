import type { SnapshotsInput } from "../../contract/broker.ts";
import type { RootSnapshot } from "../../contract/root-snapshots.ts";
import { keepLosses, lossesIn, restoreCopies } from "./copies.ts";
import { restoreContainers } from "./docker-verbs.ts";
import type { Family, Workbench } from "./family.ts";
import { restoreSite } from "./nginx-verbs.ts";
import { restorePackages } from "./package-verbs.ts";
import { restoreUnit } from "./systemd-verbs.ts";

export function snapshotsFamily(bench: Workbench): Family<SnapshotsInput> {
  return {
    async check({ request }) {
      if (request.action === "restore") await bench.snapshots.read(request.id);
    },
    async keep({ request }, folder) {
      if (request.action !== "restore") return null;
      const { kept } = await bench.snapshots.read(request.id);
      return kept.kind === "copies" ? await keepLosses(bench, lossesIn(kept), folder) : null;
    },
    async act({ request }) {
      if (request.action === "restore") return await restore(bench, await bench.snapshots.read(request.id));
      const snapshots = await bench.snapshots.list();
      for (const { id, at, action, agent } of snapshots) {
        bench.onOutput(`${id}  ${at}  before: ${action} (${agent ?? "a person"})\n`);
      }
      return snapshots.length === 0 ? "There are no snapshots" : `${snapshots.length} snapshots, newest first`;
    },
  };
}

async function restore(bench: Workbench, { id, kept }: RootSnapshot): Promise<string> {
  const folder = bench.snapshots.folderOf(id);
  switch (kept.kind) {
    case "unit":
      return await restoreUnit(bench)(kept, folder);
    case "site":
      return await restoreSite(bench)(kept, folder);
    case "containers":
      return await restoreContainers(bench)(kept, folder);
    case "copies":
      return await restoreCopies(bench)(kept, folder);
    case "packages":
      return await restorePackages(bench)(kept, folder);
  }
}
