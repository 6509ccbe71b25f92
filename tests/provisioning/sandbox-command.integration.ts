import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { SANDBOXED_COMMAND } from "../../provisioning/sandbox-facts.ts";

const PLACES = ["1", "2", "3", "4"];

/**
 * Mounts and unmounts as services do that start and stop, and runs the command again and again meanwhile. What is mounted
 * is shared with what is started here, and with nobody outside: of this machine nothing may ever lie in a folder of tests.
 */
const BESIDE_MOUNTS = `
mount --make-rshared /
churn() { while :; do mount -t tmpfs -o nosuid here "$1" && mount --bind "$1" "$1" && umount "$1" "$1"; done; }
for place in "$0"/*; do churn "$place" & done
failed=0
for try in $(seq 300); do runuser -u nobody -- ${SANDBOXED_COMMAND} || failed=$((failed + 1)); done
kill $(jobs -p)
echo "$failed failed"`;

it.skipIf(process.getuid?.() !== 0)("the command that proves the sandbox runs while other things are mounted", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mounts-"));
  const places = PLACES.map((name) => path.join(folder, name));
  try {
    // What it cannot reach, bubblewrap leaves out.
    chmodSync(folder, 0o755);
    for (const place of places) mkdirSync(place);
    const inOwnMounts = ["--mount", "--propagation", "private", "bash", "-c", BESIDE_MOUNTS, folder];
    const { stdout, stderr } = spawnSync("unshare", inOwnMounts, { encoding: "utf8", timeout: 110_000 });
    expect([stdout.trim(), stderr.split("\n").filter((line) => line.startsWith("bwrap"))]).toEqual(["0 failed", []]);
  } finally {
    // Empty folders only, whatever is mounted there.
    for (const place of [...places, folder]) rmdirSync(place);
  }
});
