import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { changeTarget, readTarget } from "../../../src-main/cli/target.ts";

describe("a target", () => {
  const login = {
    identity: "/k",
    password: false,
    sshAgent: false,
    agentKey: undefined,
    jumpIdentity: undefined,
    jumpPassword: false,
  };
  const options = { ...login, name: undefined, jump: undefined, known: [], env: {} };

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

  it("goes through the jump host that is named or that ~/.ssh/config names, signed in to as the server is unless told otherwise", () => {
    const bastion = { address: { host: "bastion.example.org", port: 2200, user: "ann" }, keyFile: "/bastion" };
    const box = { alias: "box", address: { host: "10.0.0.5", port: 22, user: "root" }, keyFile: null, jump: bastion };
    const known = [box, { alias: "bastion", ...bastion }];
    const jumpKey = { kind: "key_file", path: "/bastion" };
    expect(readTarget("box", { ...options, known }).jump).toEqual({ address: bastion.address, auth: jumpKey });
    expect(readTarget("box", { ...options, known, jump: "none" }).jump).toBeUndefined();
    expect(readTarget("web", { ...options, known, jump: "bob@bastion" }).jump).toEqual({
      address: { ...bastion.address, user: "bob" },
      auth: jumpKey,
    });
    expect(readTarget("web", { ...options, jump: "bob@[::1]:2222" }).jump).toEqual({
      address: { host: "::1", port: 2222, user: "bob" },
      auth: { kind: "key_file", path: "/k" },
    });
    expect(readTarget("web", { ...options, jump: "bob@b", jumpPassword: true }).jump?.auth).toEqual({
      kind: "password",
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
