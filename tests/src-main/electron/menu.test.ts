import type { MenuItemConstructorOptions } from "electron";
import { expect, test } from "vitest";
import { menuTemplate } from "../../../src-main/electron/menu.ts";

const parts = { appearance: "dark", setAppearance() {}, openFolder() {} } as const;

test("takes no Ctrl+letter from the terminals outside macOS", () => {
  const taken = items(menuTemplate({ ...parts, platform: "linux" }))
    .filter((item) => item.registerAccelerator !== false)
    .map((item) => item.accelerator ?? "")
    .filter((accelerator) => /^(Ctrl|CmdOrCtrl)\+[A-Z]$/.test(accelerator));
  expect(taken).toEqual([]);
});

test("leaves the editing keys to the page, where terminals may want them", () => {
  const editing = items(menuTemplate({ ...parts, platform: "linux" })).filter((item) => item.role === "selectAll");
  expect(editing).toEqual([{ role: "selectAll", registerAccelerator: false }]);
});

test("shows the chosen appearance", () => {
  const chosen = items(menuTemplate({ ...parts, platform: "linux" })).filter((item) => item.checked);
  expect(chosen.map((item) => item.label)).toEqual(["Dark"]);
});

function items(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}
