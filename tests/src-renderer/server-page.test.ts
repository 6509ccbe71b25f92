import { expect, test } from "vitest";
import {
  certificateTime,
  isAlmostFull,
  packageWords,
  serviceName,
} from "../../src-renderer/pages/server/overview-words.ts";
import { preflightOf } from "../../src-renderer/pages/server/preflight.ts";
import { summaryOf } from "../../src-renderer/pages/server/summary.ts";
import { OVERVIEW } from "../support/fake-host-overview.ts";
import { PLAN } from "../support/fake-host-plan.ts";
import { sshServer } from "../support/fake-host-scenes.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const ending = (expiresAt: string) => certificateTime({ name: "", names: [], path: "", expiresAt }, NOW);

test("a certificate that should have been renewed two weeks ago needs a person; one that has ended has failed", () => {
  expect(ending("2027-01-28T12:00:00Z")).toEqual({ days: 61, mark: "ok", words: "61 days left" });
  expect(ending("2026-12-11T12:00:00Z")).toEqual({ days: 13, mark: "needs_you", words: "13 days left" });
  expect(ending("2026-11-30T11:00:00Z").words).toBe("1 day left");
  expect(ending("2026-11-28T11:59:00Z")).toMatchObject({ mark: "failed", words: "expired" });
});

test("a large disk is almost full at 2 GB, a small one at a tenth", () => {
  expect([isAlmostFull(2000, 100_000), isAlmostFull(3000, 100_000), isAlmostFull(900, 10_000)]).toEqual([
    true,
    false,
    true,
  ]);
});

test("package updates are counted in words", () => {
  const words = (updates: number, security: number) =>
    packageWords({ updates, security, listsReadAt: null, rebootNeeded: false });
  expect([words(0, 0), words(1, 0), words(12, 3), words(2, 2)]).toEqual([
    "Packages are up to date",
    "1 package update",
    "12 package updates, 3 for security",
    "2 package updates, all for security",
  ]);
});

test("a service that we have no name for keeps its own", () => {
  expect([serviceName({ unit: "postgresql@15-main.service" }), serviceName({ unit: "shop.service" })]).toEqual([
    "PostgreSQL",
    "shop.service",
  ]);
});

test("each reason against a server stands at what was looked at", () => {
  const blockers = [{ code: "provision.disk_full" as const, message: "/opt has 40 MB free" }];
  const checks = preflightOf({ ...PLAN, blockers });
  expect(checks.filter(({ ok }) => !ok)).toEqual([{ title: "Disk", ok: false, found: "/opt has 40 MB free" }]);
  expect(checks).toHaveLength(6);
});

test("the summary names what is installed, open ports, logins, fingerprints and what to do next", () => {
  const text = summaryOf({ server: sshServer().server, overview: OVERVIEW, plan: PLAN });
  expect(text.split("\n").filter((line) => line.startsWith("#"))).toEqual([
    "# hetzner-1",
    "## What is installed",
    "### System",
    "### Databases",
    "### Runtime",
    "### Team",
    "## Open ports",
    "## Who may log in",
    "## Host key fingerprints",
    "## What to do next",
  ]);
  expect(text).toContain("- From outside: 22/tcp (sshd), 80/tcp (nginx)\n- On the server itself: 5432/tcp (postgres)");
  expect(text).toContain("- Install 3 security updates: *Overview* on the server's page.");
});
