import type { HostKey, Server, SshAuth, SshLogin } from "../../contract/servers.ts";
import type { SshAddress } from "../../contract/ssh-address.ts";

type SshPlace = Extract<Server["place"], { kind: "ssh" }>;

/** The place of a login. Of the one before, a host key stays that is still of the same machine. */
export function placeOf({ address, auth, jump }: SshLogin, before?: SshPlace): SshPlace {
  const isSameJump = isSameMachine(before?.jump?.address, jump?.address);
  const isSameServer = isSameJump && isSameMachine(before?.address, address);
  return {
    kind: "ssh",
    address,
    auth,
    hostKey: isSameServer ? (before?.hostKey ?? null) : null,
    ...(jump && { jump: { ...jump, hostKey: isSameJump ? (before?.jump?.hostKey ?? null) : null } }),
  };
}

/** The same user of the same machine: an address behind another jump host is another machine. */
export function isSameWay(one: SshLogin, other: SshLogin): boolean {
  return isSameAddress(one.address, other.address) && isSameAddress(one.jump?.address, other.jump?.address);
}

export function withHostKey(server: Server, hostKey: HostKey): Server {
  return withLogin(server, { hostKey });
}

export function withAuth(server: Server, auth: SshAuth): Server {
  return withLogin(server, { auth });
}

export function withJumpHostKey(server: Server, hostKey: HostKey): Server {
  return withJumpLogin(server, { hostKey });
}

export function withJumpAuth(server: Server, auth: SshAuth): Server {
  return withJumpLogin(server, { auth });
}

type LoginChange = Partial<Pick<SshPlace, "auth" | "hostKey">>;

function withLogin(server: Server, change: LoginChange): Server {
  return server.place.kind === "ssh" ? { ...server, place: { ...server.place, ...change } } : server;
}

function withJumpLogin(server: Server, change: LoginChange): Server {
  const { place } = server;
  if (place.kind !== "ssh" || !place.jump) return server;
  return { ...server, place: { ...place, jump: { ...place.jump, ...change } } };
}

function isSameMachine(one: SshAddress | undefined, other: SshAddress | undefined): boolean {
  return one?.host === other?.host && one?.port === other?.port;
}

function isSameAddress(one: SshAddress | undefined, other: SshAddress | undefined): boolean {
  return isSameMachine(one, other) && one?.user === other?.user;
}
