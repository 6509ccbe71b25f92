import { describe, expect, it } from "vitest";
import { findLearnings } from "../../../pai/hooks/capture-learning.ts";
import { findRating } from "../../../pai/hooks/capture-rating.ts";
import { parseWork } from "../../../pai/hooks/open-work.ts";
import { readSegments } from "../../../pai/hooks/shell-words.ts";
import { hideSecrets } from "../../../pai/hooks/secret-shapes.ts";

describe("a rating", () => {
  it.each([
    ["8/10", 8, ""],
    ["10/10 – perfect, thank you", 10, "perfect, thank you"],
    ["7 - nice", 7, "nice"],
    ["3 — das war nichts", 3, "das war nichts"],
    ["Rating: 9", 9, ""],
    ["score 4/10: too slow", 4, "too slow"],
    ["6/10\nNow write the tests.", 6, ""],
  ])("is found in %j", (prompt, rating, comment) => {
    expect(findRating(prompt)).toMatchObject({ rating, comment });
  });

  it.each([
    "8",
    "2",
    "8/10 tests pass",
    "9/10/2026 is the day",
    "11/10",
    "0/10",
    "10 - 3",
    "3 files are missing",
    "1 - install it\n2 - run it",
    "2 - the second way?",
    "use option 2 - it is simpler",
    "look at page 7/10",
    `5 - ${"a long instruction ".repeat(10)}`,
  ])("is not found in %j", (prompt) => {
    expect(findRating(prompt)).toBeNull();
  });

  it("with words after a dash is less sure than one out of ten", () => {
    expect(findRating("8/10")?.confidence).toBe(1);
    expect(findRating("2 - the second way")?.confidence).toBeLessThan(1);
  });
});

describe("learnings", () => {
  it("are the lines that say so, with the phase they name", () => {
    const words = [
      "All done.",
      "Learning: nginx -t passes although a port is taken.",
      "- **Learning (VERIFY):** probe after a reload",
      "> lesson (plan): ask first",
      "What I am learning: nothing",
      "Learning:",
    ].join("\n");
    expect(findLearnings(words)).toEqual([
      { text: "nginx -t passes although a port is taken.", phase: null },
      { text: "probe after a reload", phase: "VERIFY" },
      { text: "ask first", phase: "PLAN" },
    ]);
  });
});

describe("texts of any form", () => {
  const long = ["\n".repeat(300_000), "'\"".repeat(100_000), "`$(".repeat(100_000), " >".repeat(100_000)];

  it.each(long)("are read in one pass", (text) => {
    expect(findLearnings(text)).toEqual([]);
    expect(parseWork("x", `${text}\n- [ ] open`).open).toEqual(["open"]);
    expect(hideSecrets(text)).toBe(text);
    expect(readSegments(text).length).toBeLessThan(text.length);
  });
});

describe("an artifact of work", () => {
  it("is read in both generations of its form", () => {
    const isa = `---\ntask: "Move the site"\nphase: climbing\nprogress: 1/3\n---\n## Claims\n- [x] ISC-1: DNS points here\n- [ ] ISC-2: HTTPS answers\n- [ ] ISC-A1: no mail is lost\n\`\`\`\n- [ ] only an example\n\`\`\`\n`;
    expect(parseWork("20261124-move", isa)).toEqual({
      slug: "20261124-move",
      task: "Move the site",
      phase: "climbing",
      done: 1,
      open: ["ISC-2: HTTPS answers", "ISC-A1: no mail is lost"],
    });
    expect(parseWork("bare", "# Nothing\n")).toEqual({ slug: "bare", task: "bare", phase: "", done: 0, open: [] });
  });
});

describe("secrets in a trace", () => {
  it.each([
    ["key sk-ant-api03-abcdefghijklmnop done", "key [hidden] done"],
    ["AKIAIOSFODNN7EXAMPLE", "[hidden]"],
    [`ghp_${"a".repeat(36)}`, "[hidden]"],
    ["-----BEGIN RSA PRIVATE KEY-----\nabc", "[hidden]"],
    ["nothing here: sk-1, AKIA, risk-antler", "nothing here: sk-1, AKIA, risk-antler"],
  ])("are hidden: %j", (text, hidden) => {
    expect(hideSecrets(text)).toBe(hidden);
  });
});
