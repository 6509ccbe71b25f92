import { AppError } from "../contract/errors.ts";
import { describeHealth } from "./describe-health.ts";
import { UPGRADE_ENDS } from "./commands/upgrade.ts";

interface UpgradeEnd {
  readonly exitCode: number;
  /** What the daemon logged and said of itself. */
  readonly output: string;
  /** The ids of both releases; `former` may be a path. */
  readonly release: string;
  readonly former: string;
}

/** Throws unless the new release runs. */
export function judgeUpgrade({ exitCode, output, release, ...rest }: UpgradeEnd): void {
  const former = rest.former.slice(rest.former.lastIndexOf("/") + 1);
  const fail = (message: string, hint: string): never => {
    throw new AppError("provision.upgrade_failed", message, { hint, details: lastLines(output) });
  };
  switch (exitCode) {
    case UPGRADE_ENDS.returned:
      return fail(
        `Release ${release} did not become healthy; ${former} runs again`,
        "Nothing is lost, and the agents go on. The details are the last words of the new daemon: report them, or wait for another version of this app.",
      );
    case UPGRADE_ENDS.kept:
      return fail(
        `Release ${release} does not become healthy, and ${former} cannot work with the database it has changed`,
        "Nothing is lost, but the team rests. The details say what does not answer; provision again when that is mended.",
      );
    case UPGRADE_ENDS.unhealthy:
      return fail(
        `Release ${release} did not become healthy; ${former} was put back and is not healthy either`,
        "The cause is likely the server, not the release. The details say what does not answer; provision again when that is mended.",
      );
    default:
  }
}

const SHOWN_LINES = 40;

function lastLines(output: string): string {
  return describeHealth(output).split("\n").slice(-SHOWN_LINES).join("\n");
}
