import { expect, test } from "vitest";
import { externalLink, isOurs } from "../../../src-main/electron/origin.ts";

test.each([
  ["app://ai-infrastructure/index.html", true],
  ["app://ai-infrastructure/#/chat", true],
  ["app://ai-infrastructure.evil.example/", false],
  ["app://evil.example/ai-infrastructure", false],
  ["app://someone@ai-infrastructure/", false],
  ["app://ai-infrastructure:8080/", false],
  ["https://ai-infrastructure/", false],
  ["about:blank", false],
  ["", false],
])("knows our page by its address: %s", (address, expected) => {
  expect(isOurs(address)).toBe(expected);
});

test.each([
  ["https://example.org/a?b=c#d", "https://example.org/a?b=c#d"],
  ["http://example.org/", null],
  ["file:///etc/passwd", null],
  ["javascript:alert(1)", null],
  ["ssh://root@example.org", null],
  ["https://user:secret@example.org/", null],
  ["not an address", null],
  [`https://example.org/${"x".repeat(3000)}`, null],
])("opens only plain https links outside: %s", (address, expected) => {
  expect(externalLink(address)).toBe(expected);
});
