import { expect } from "@playwright/test";
import { PLAN } from "../support/fake-host-plan.ts";
import { test } from "../support/page-test.ts";

test("a server behind a jump host is added with it, and what is wrong with an address is said at its field", async ({
  page,
  open,
}) => {
  const address = { host: "10.0.0.5", port: 22, user: "deploy" };
  const jump = { address: { host: "2001:db8::7", port: 2222, user: "ann" }, keyFile: "~/.ssh/bastion" };
  const host = await open({ configHosts: [{ alias: "inner", address, keyFile: "~/.ssh/work", jump }], plan: PLAN });
  await page.getByRole("button", { name: "Add a server" }).click();
  await expect(page.getByLabel("Jump host")).toBeHidden();
  await page.getByRole("button", { name: /inner/ }).click();
  await expect(page.getByLabel("Jump host", { exact: true })).toHaveValue("ann@[2001:db8::7]:2222");
  await page.getByLabel("Jump host", { exact: true }).fill("ann@2001:::7");
  await page.getByRole("button", { name: "Add and connect" }).click();
  await expect(page.getByText("That is not an IPv6 address")).toBeVisible();
  await page.getByLabel("Jump host", { exact: true }).fill("[2001:db8::7]");
  await page.getByRole("button", { name: "Add and connect" }).click();
  await expect(page.getByText("deploy@10.0.0.5 through 2001:db8::7")).toBeVisible();
  expect(host.world.state.servers[0]?.server.place).toMatchObject({
    jump: {
      address: { host: "2001:db8::7", port: 22, user: "deploy" },
      auth: { kind: "key_file", path: "~/.ssh/bastion" },
    },
  });
});

test("keys of this computer are offered, and one that is there stands in the field", async ({ page, open }) => {
  const host = await open({ keyFiles: ["~/.ssh/id_rsa", "~/.ssh/work"], plan: PLAN });
  await page.getByRole("button", { name: "Add a server" }).click();
  const field = page.getByLabel("Private key", { exact: true });
  await expect(field).toHaveValue("~/.ssh/id_rsa");
  await page.getByRole("group", { name: "Other keys of this computer" }).getByRole("button", { name: "work" }).click();
  await expect(field).toHaveValue("~/.ssh/work");
  await page.getByLabel("Host", { exact: true }).fill("10.0.0.5");
  await page.getByRole("button", { name: "Add and connect" }).click();
  await expect(page.getByText("root@10.0.0.5")).toBeVisible();
  expect(host.world.state.servers[0]?.server.place).toMatchObject({ auth: { kind: "key_file", path: "~/.ssh/work" } });
});
