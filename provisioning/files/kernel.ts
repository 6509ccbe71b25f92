import type { KernelSetting } from "../kernel-settings.ts";
import { SYSCTL_DROP_IN } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/** The dash lets a kernel without the key go on. */
export function kernelDropIn(settings: readonly KernelSetting[]): OurFile {
  const lines = settings.map(({ path, value, reason }) => `# ${reason}\n-${path} = ${value}\n`);
  return { path: SYSCTL_DROP_IN, mode: "644", text: `# Written by AI Infrastructure.\n\n${lines.join("\n")}` };
}
