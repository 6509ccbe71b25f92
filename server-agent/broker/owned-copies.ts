import type { OwnedCopiesInput } from "../../contract/broker.ts";
import { AppError } from "../../contract/errors.ts";
import type { Kept, RootSnapshot } from "../../contract/root-snapshots.ts";
import { keepLosses, lossesIn, restoreCopies } from "./copies.ts";
import type { Family, Workbench } from "./family.ts";

type Bench = Pick<Workbench, "programs" | "ownProgram" | "ownedCopies" | "ownersOf">;

/** For the daemon: keeps and puts back what an agent is about to destroy, when it is not all the agent's own. */
export function ownedCopiesFamily(bench: Bench): Family<OwnedCopiesInput> {
  return {
    async check({ request }) {
      if (request.action === "restore") await find(bench, request.of);
    },
    async keep({ request }, folder) {
      if (request.action === "restore") return await keepLosses(bench, lossesIn(await find(bench, request.of)), folder);
      const { uid, gids } = await bench.ownersOf(request.agent);
      const { files, repositories } = request;
      const losses = {
        files,
        overwritten: [],
        repositories,
        databases: [],
        unkept: [],
        besides: { uid, gids: [...gids] },
      };
      return await keepLosses(bench, losses, folder);
    },
    async act({ request }, snapshot) {
      if (request.action === "keep") return snapshot ? "Kept with owners" : "All of it is the agent's own";
      const { id } = await findSnapshot(bench, request.of);
      return await restoreCopies(bench)(await find(bench, request.of), bench.ownedCopies.folderOf(id));
    },
  };
}

type KeptCopies = Extract<Kept, { kind: "copies" }>;

async function find(bench: Bench, of: string): Promise<KeptCopies> {
  const { kept } = await findSnapshot(bench, of);
  if (kept.kind === "copies") return kept;
  throw new AppError("app.not_found", `There are no copies of the snapshot ${of}`);
}

async function findSnapshot({ ownedCopies }: Bench, of: string): Promise<RootSnapshot> {
  const found = (await ownedCopies.list()).find((snapshot) => snapshot.of === of);
  if (found) return found;
  throw new AppError("app.not_found", `There is no copy with owners of the snapshot ${of}`);
}
