import { expect, test } from "vitest";
import { parseLines } from "../../provisioning/fact-lines.ts";
import { type PackageUpdates, toPackageUpdates } from "../../provisioning/package-updates.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { STEPS, stepsFor } from "../../provisioning/steps.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const asked = { ...wanted, wishes: { packageUpdates: true } };
const found = (names: readonly string[], part: Partial<PackageUpdates> = {}): PackageUpdates => ({
  names: [...names],
  security: 0,
  areRecent: false,
  ...part,
});
function planned(packageUpdates: PackageUpdates | null) {
  const { steps } = makePlan("s", { ...freshDebian, packageUpdates }, asked);
  return steps.find(({ id }) => id === "package-updates");
}

test("package updates are no drift: nobody's plan names them who did not ask, and they come after every other step", () => {
  const { steps } = makePlan("s", { ...freshDebian, packageUpdates: found(["curl"]) }, wanted);
  expect(steps.map(({ id }) => id)).toEqual(STEPS.map(({ id }) => id));
  expect(stepsFor(asked.wishes).at(-1)?.needs).toEqual(STEPS.map(({ id }) => id));
});

test("the plan says how many and which, and stops naming them after a dozen", () => {
  expect(planned(found(["curl", "openssl"], { security: 1 }))?.changes).toEqual([
    "Read the package lists anew",
    "Install 2 package updates, 1 of them for security: curl, openssl",
  ]);
  const many = Array.from({ length: 15 }, (_, index) => `p${index}`);
  expect(planned(found(many))?.changes[1]).toMatch(/^Install 15 package updates, .*: p0, .*, p11 and 3 more$/);
});

test("lists that name none may be old: they are read anew, and it holds once all was installed a moment ago", () => {
  const unknown = ["Read the package lists anew", "Install the updates that they name"];
  expect([planned(null)?.changes, planned(found([]))?.changes]).toEqual([unknown, unknown]);
  expect(planned(found([], { areRecent: true }))).toMatchObject({ state: "satisfied", changes: [] });
  expect(planned(found(["curl"], { areRecent: true }))?.state).toBe("needed");
});

test("what apt would do is read package by package; without being asked nothing is known", () => {
  const lines = "updates.asked\tyes\nupdate\tcurl security\nupdate\tgit -\nupdates.recent\tyes\n";
  expect(toPackageUpdates(parseLines(lines))).toEqual(found(["curl", "git"], { security: 1, areRecent: true }));
  expect(toPackageUpdates(parseLines("user\troot\n"))).toBeNull();
});
