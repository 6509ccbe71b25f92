import { DOCKER_CONFIG } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

const settings = {
  "live-restore": true,
  "log-driver": "json-file",
  "log-opts": { "max-file": "3", "max-size": "10m" },
};

/** JSON has no room for a mark of ours: a file with any other content is somebody else's. */
export const dockerConfig: OurFile = {
  path: DOCKER_CONFIG,
  mode: "644",
  text: `${JSON.stringify(settings, null, 2)}\n`,
};
