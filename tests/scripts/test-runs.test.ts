import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runTwiceWhatFails, type Runner, type Test } from "../../scripts/test-runs.mjs";

const passed = (file: string, name: string): Test => ({ file, name, state: "passed", message: "" });
const failed = (file: string, name: string): Test => ({ file, name, state: "failed", message: `${name} was late` });
const skipped = (file: string, name: string): Test => ({ file, name, state: "skipped", message: "" });

const asked: (readonly string[])[] = [];
/** A runner that answers as it is told, one answer a run. */
function runner(...answers: Test[][]): Runner {
  return (files) => {
    asked.push(files);
    return answers.shift() ?? [];
  };
}

describe("tests that fail among others", () => {
  beforeEach(() => void vi.spyOn(console, "log").mockReturnValue());
  afterEach(() => {
    asked.length = 0;
    vi.restoreAllMocks();
  });

  test("are not run again when nothing failed", () => {
    expect(runTwiceWhatFails(runner([passed("a", "one")]))).toEqual({ tests: [passed("a", "one")], unsteady: [] });
    expect(asked).toEqual([[]]);
  });

  test("count as passed when all of their file passes alone, and are told with what they said", () => {
    const first = [passed("a", "one"), failed("b", "two"), skipped("b", "after two")];
    const again = [passed("lab", "prepare"), passed("b", "two"), passed("b", "after two")];
    const result = runTwiceWhatFails(runner(first, again));
    expect(asked).toEqual([[], ["b"]]);
    expect(result.tests).toEqual([passed("a", "one"), passed("b", "two"), passed("b", "after two")]);
    expect(result.unsteady).toEqual([failed("b", "two")]);
  });

  test.for([
    ["fail again", [failed("b", "two")]],
    ["are not reached", [passed("b", "one"), skipped("b", "two")]],
    ["make another of their file fail", [passed("b", "two"), failed("b", "three")]],
    ["are in a run that breaks off", [passed("b", "two"), failed("", "vitest")]],
  ] as const)("have failed when they %s", ([, again]) => {
    const result = runTwiceWhatFails(runner([failed("b", "two")], [...again]));
    expect(result).toEqual({ tests: [failed("b", "two")], unsteady: [] });
  });

  test("are judged file by file", () => {
    const first = [failed("a", "one"), failed("b", "two")];
    const result = runTwiceWhatFails(runner(first, [passed("a", "one"), failed("b", "two")]));
    expect(result.tests).toEqual([failed("b", "two"), passed("a", "one")]);
    expect(result.unsteady).toEqual([failed("a", "one")]);
  });

  test("are not asked again when many files fail, or the run itself does", () => {
    const many = ["a", "b", "c", "d", "e", "f"].map((file) => failed(file, "one"));
    expect(runTwiceWhatFails(runner(many)).tests).toBe(many);
    const crash = [failed("", "vitest"), failed("a", "one")];
    expect(runTwiceWhatFails(runner(crash)).tests).toBe(crash);
    expect(asked).toEqual([[], []]);
  });
});
