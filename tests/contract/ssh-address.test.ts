import { expect, it } from "vitest";
import { hostText, loginText, parseTarget, SshAddress } from "../../contract/ssh-address.ts";

const read = (host: string) => SshAddress.safeParse({ host, user: "root" });

it.each(["web-1", "web.example.org", "203.0.113.7", "2001:db8::1", "::1", "fe80::1%eth0"])("takes %s", (host) => {
  expect(read(host).data?.host).toBe(host);
});

it("takes the brackets of an IPv6 address away", () => {
  expect(read(" [2001:db8::1] ").data?.host).toBe("2001:db8::1");
});

it.each([
  ["-oProxyCommand=x", "A host cannot start with a dash"],
  ["a b", "A host is a name or an address, without spaces"],
  ["web.example.org:2222", "The port has its own field"],
  ["[::1]:2222", "The port has its own field"],
  ["fe80::1", "Name the interface of this computer too, such as fe80::1%eth0"],
  ["2001:db8::1%eth0", "Only an address that starts with fe80: names an interface after %"],
  ["2001:db8:::1", "That is not an IPv6 address"],
  ["[web]", "A host is a name or an address, without spaces"],
])("refuses %s and says why", (host, why) => {
  expect(read(host).error?.issues.map(({ message }) => message)).toEqual([why]);
});

it("writes an IPv6 address with a port in brackets", () => {
  const address = { host: "2001:db8::1", user: "root" };
  expect([hostText({ ...address, port: 22 }), hostText({ ...address, port: 2222 })]).toEqual([
    "2001:db8::1",
    "[2001:db8::1]:2222",
  ]);
  expect(loginText({ ...address, port: 22 })).toBe("root@[2001:db8::1]:22");
});

it.each([
  ["example.org", { user: undefined, host: "example.org", port: undefined }],
  ["root@203.0.113.5:2222", { user: "root", host: "203.0.113.5", port: 2222 }],
  ["root@[2001:db8::1]:22", { user: "root", host: "[2001:db8::1]", port: 22 }],
  ["2001:db8::1", { user: undefined, host: "2001:db8::1", port: undefined }],
])("%s is read", (target, parts) => {
  expect(parseTarget(target)).toEqual(parts);
});
