import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { CLAUDE_CODE_VERSION } from "../../server-agent/console/drivers/load-claude-code.ts";

const PACKAGE = "@anthropic-ai/claude-agent-sdk";

/**
 * The real package, as an operator installs it, in a cache outside the checkout. Null when the registry cannot be
 * reached, which is said loudly and never happens silently in CI.
 */
export function installedClaudeCode(): string | null {
  const cache = path.join(homedir(), ".cache", "ai-infrastructure-tests");
  const folder = path.join(cache, `claude-code-${CLAUDE_CODE_VERSION}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(path.join(cache, "installing-"));
  try {
    const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", unfinished];
    execFileSync("npm", [...install, `${PACKAGE}@${CLAUDE_CODE_VERSION}`], { stdio: "pipe", timeout: 280_000 });
    renameSync(unfinished, folder);
    return folder;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(folder)) return folder;
    if (process.env["CI"]) throw error;
    console.warn(`SKIPPED: the driver claude-code is NOT tested, ${PACKAGE} could not be installed: ${String(error)}`);
    return null;
  }
}
