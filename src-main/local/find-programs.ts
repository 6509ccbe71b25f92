import { AppError } from "../../contract/errors.ts";
import { findProgram } from "../platform/find-program.ts";

export interface Programs {
  readonly redis: string;
  readonly tmux: string;
}

/** What the team needs from the system, each with the Debian package that has it. */
const NEEDED = [
  { names: ["redis-server", "valkey-server"], package: "redis-server" },
  { names: ["tmux"], package: "tmux" },
  { names: ["bwrap"], package: "bubblewrap" },
  { names: ["flock"], package: "util-linux" },
  { names: ["setpriv"], package: "util-linux" },
] as const;

/** Rejects with the one command that installs everything missing. */
export function findPrograms(): Programs {
  const found = NEEDED.map((needed) => ({ ...needed, file: findProgram(...needed.names) }));
  const missing = found.filter(({ file }) => file === null);
  if (missing.length > 0)
    throw missingPrograms(
      missing.map(({ names }) => names[0]),
      missing.map((one) => one.package),
    );
  const [redis, tmux] = found.map(({ file }) => file ?? "");
  return { redis: redis ?? "", tmux: tmux ?? "" };
}

export function missingPrograms(names: readonly string[], packages: readonly string[]): AppError {
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  const verb = names.length === 1 ? "is" : "are";
  return new AppError("local.program_missing", `${names.join(", ")} ${verb} not installed on this computer`, {
    hint: `${sudo}apt-get install -y ${[...new Set(packages)].join(" ")}`,
  });
}
