import { expect } from "@playwright/test";
import { WORKING } from "../support/fake-host-scenes.ts";
import { test } from "../support/page-test.ts";

test("a terminal takes the keyboard when it is asked for, also one in front, and not when the app starts", async ({
  page,
  open,
}) => {
  await open(WORKING);
  const terminal = page.getByRole("textbox", { name: "Terminal of code" });
  const composer = page.getByLabel("Message the team");
  await expect(composer).toBeVisible();
  await page.keyboard.press("Control+Shift+Digit2");
  await expect(terminal).toBeFocused();
  await composer.click();
  await page.keyboard.press("Control+Shift+Digit2");
  await expect(terminal).toBeFocused();

  await page.reload();
  await composer.click();
  await expect(page.locator("[data-terminal=code]")).toContainText("Add GET /healthz with a test");
  await expect(composer).toBeFocused();
});

test("what comes to the front in place of a closed terminal takes the keyboard", async ({ page, open }) => {
  await open(WORKING);
  await expect(page.getByLabel("Message the team")).toBeVisible();
  await page.keyboard.press("Control+Shift+Digit1");
  await page.keyboard.press("Control+Shift+Digit2");
  await expect(page.getByRole("textbox", { name: "Terminal of code" })).toBeFocused();
  await page.getByRole("tab", { name: "code" }).hover();
  await page.getByTitle("Close code").click();
  await expect(page.getByRole("textbox", { name: "Terminal of supervisor" })).toBeFocused();
});

test("on the page of all terminals the one in front has the keyboard", async ({ page, open }) => {
  await open(WORKING);
  await expect(page.getByLabel("Message the team")).toBeVisible();
  await page.keyboard.press("Control+4");
  await expect(page.getByRole("textbox", { name: "Terminal of supervisor" })).toBeFocused();
  await page.getByRole("tab", { name: "data" }).click();
  await expect(page.getByRole("textbox", { name: "Terminal of data" })).toBeFocused();
});
