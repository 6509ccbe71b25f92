import { makeSwap, removeSwap } from "../commands/swap.ts";
import type { Facts } from "../facts.ts";
import { SWAP_FILE } from "../layout.ts";
import type { Step } from "../step.ts";

/** A machine sold with 4 GB shows less: firmware and kernel keep some. */
const ENOUGH_MEMORY_MB = 3700;
const SWAP_MB = 2048;
/** A file on these is not a plain run of blocks, as swap has to be. */
const UNFIT_FILESYSTEMS = ["btrfs", "zfs", "overlayfs", "nfs"];

export const swap: Step = {
  id: "swap",
  title: "Swap",
  area: "system",
  reason: "With less than 4 GB of memory, what is rarely used makes room when all agents work at once.",
  needs: [],
  probes: ["system", "preflight"],
  plan: (facts) =>
    isShort(facts) && whyNot(facts) === null ? [`Make and use ${SWAP_FILE} (${SWAP_MB / 1024} GB)`] : [],
  note: (facts) => (isShort(facts) ? whyNot(facts) : null),
  async apply({ shell, signal }) {
    await shell.run(makeSwap(SWAP_MB), { signal, timeoutMs: 300_000 });
  },
  undo: { changes: [`Remove ${SWAP_FILE}`], command: removeSwap() },
};

function isShort({ memoryMb, preflight }: Facts): boolean {
  return memoryMb < ENOUGH_MEMORY_MB && preflight.swapMb === 0;
}

function whyNot({ preflight: { container, rootFilesystem } }: Facts): string | null {
  if (container) return "This server is a container: only its host can give it swap.";
  if (UNFIT_FILESYSTEMS.includes(rootFilesystem))
    return `A swap file cannot be on ${rootFilesystem}: the server goes on without.`;
  return null;
}
