import { describe, expect, it } from "vitest";
import { cutText } from "../../../server-agent/memory/cut-text.ts";

const long = (word: string) => `${word} `.repeat(60).trim();

describe("a text of the memory", () => {
  it("is cut at its paragraphs, and a headline stays with what it is about", () => {
    expect(cutText(`# nginx\n\n${long("config")}\n\n${long("reload")}\n`)).toEqual([
      `# nginx\n\n${long("config")}`,
      long("reload"),
    ]);
  });

  it("loses its head of YAML, and nothing else that is between dashes", () => {
    expect(cutText("---\nid: 1\n---\n\nLearned.\n\n---\n\nMore.\n")).toEqual(["Learned.\n\n---\n\nMore."]);
  });

  it("is cut between words where a paragraph is too long, and loses none", () => {
    const text = Array.from({ length: 500 }, (_, number) => `word${number}`).join(" ");
    const pieces = cutText(text);
    expect([pieces.join(" "), Math.max(...pieces.map(({ length }) => length)) <= 1_000]).toEqual([text, true]);
  });

  it("is cut all the same where it has no gap at all", () => {
    expect(cutText("x".repeat(2_500)).map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  });

  it.each(["", "\n\n", "---\nid: 1\n---\n"])("gives no piece when nothing stands in it: %j", (text) => {
    expect(cutText(text)).toEqual([]);
  });
});
