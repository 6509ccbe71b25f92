import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { changeTarget, parseTarget, readTarget } from "../../../src-main/cli/target.ts";

describe("a target", () => {
  it.each([
    ["example.org", { user: undefined, host: "example.org", port: undefined }],
    ["root@203.0.113.5:2222", { user: "root", host: "203.0.113.5", port: 2222 }],
    ["root@[2001:db8::1]:22", { user: "root", host: "[2001:db8::1]", port: 22 }],
    ["2001:db8::1", { user: undefined, host: "2001:db8::1", port: undefined }],
  ])("%s is read", (target, parts) => {
    expect(parseTarget(target)).toEqual(parts);
  });

  const options = { identity: "/k", name: undefined, password: false, sshAgent: false, known: [], env: {} };

  it("takes what it does not say from ~/.ssh/config, then from this computer", () => {
    const known = [{ alias: "box", address: { host: "203.0.113.7", port: 2200, user: "admin" }, keyFile: "/box" }];
    expect(readTarget("box", { ...options, identity: undefined, known })).toEqual({
      address: { host: "203.0.113.7", port: 2200, user: "admin" },
      auth: { kind: "key_file", path: "/box" },
      name: "box",
    });
    expect(readTarget("root@box:22", { ...options, known }).address).toEqual({
      host: "203.0.113.7",
      port: 22,
      user: "root",
    });
    expect(readTarget("other", options).address.user).toBe(userInfo().username);
  });

  it("that is edited keeps what is not named", () => {
    const login = {
      address: { host: "203.0.113.5", port: 2222, user: "root" },
      auth: { kind: "key_file", path: "/old" },
    } as const;
    const stays = { ...options, identity: undefined };
    expect(changeTarget(login, undefined, stays)).toEqual(login);
    expect(changeTarget(login, "203.0.113.6", options)).toEqual({
      address: { host: "203.0.113.6", port: 2222, user: "root" },
      auth: { kind: "key_file", path: "/k" },
    });
    expect(changeTarget(login, "ann@box:22", { ...stays, sshAgent: true })).toEqual({
      address: { host: "box", port: 22, user: "ann" },
      auth: { kind: "agent" },
    });
  });

  it("of IPv6 loses its brackets, so that one machine has one name", () => {
    expect(readTarget("root@[2001:db8::1]:2222", options).address).toEqual({
      host: "2001:db8::1",
      port: 2222,
      user: "root",
    });
    expect(readTarget("root@[fe80::1%eth0]", options).address.host).toBe("fe80::1%eth0");
    expect(() => readTarget("root@fe80::1", options)).toThrow("Name the interface of this computer too");
  });

  it.each(["-oProxyCommand=x", "a b", "host:70000", "Root!@host"])("%s is refused", (target) => {
    expect(() => readTarget(target, options)).toThrow(/is not a server/);
  });
});
