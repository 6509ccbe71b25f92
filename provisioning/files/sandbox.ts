import { SANDBOX_PROFILE } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/** Ubuntu 24.04 knows the rule `userns`, and takes it from programs without a profile. It forbids bubblewrap nothing. */
export const sandboxProfile: OurFile = {
  path: SANDBOX_PROFILE,
  mode: "644",
  text: `# Written by AI Infrastructure: commands of agents run in bubblewrap, which makes user namespaces.
abi <abi/4.0>,
include <tunables/global>

profile ai-infrastructure-bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,
}
`,
};
