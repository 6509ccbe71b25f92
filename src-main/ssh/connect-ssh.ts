import type { Server } from "../../contract/servers.ts";
import { hostText } from "../../contract/ssh-address.ts";
import type { Connector, ConnectRequest, OpenLink } from "../servers/link.ts";
import type { Dial } from "./carrier.ts";
import { dialDirectly } from "./dial.ts";
import { createJump, type Jump } from "./jump.ts";
import { createFollowedJobs } from "./run-detached.ts";
import { type Hop, signIn } from "./sign-in.ts";
import { createSshLink } from "./ssh-link.ts";

type SshPlace = Extract<Server["place"], { kind: "ssh" }>;

export function createSshConnector(): Connector {
  const jobs = createFollowedJobs();
  return {
    async connect(request): Promise<OpenLink> {
      const { place } = request.server;
      if (place.kind !== "ssh") throw new Error(`${request.server.id} is not reached over SSH`);
      const jump = place.jump ? await openJump(place.jump, request) : null;
      try {
        const login = await signIn(hopToServer(place, request, jump?.dial ?? dialDirectly));
        return createSshLink({
          ...login,
          jump,
          sudoPassword: () => request.sudoPassword(),
          jobs: jobs.of(request.server.id),
        });
      } catch (error) {
        jump?.close();
        throw error;
      }
    },
  };
}

function hopToServer({ address, auth, hostKey }: SshPlace, request: ConnectRequest, dial: Dial): Hop {
  const { pin, keepAuth, secrets, appKey, ask, signal } = request;
  const where = { host: hostText(address), isJump: false };
  return { address, auth, hostKey, where, dial, pin, keepAuth, secrets, appKey, ask, signal };
}

async function openJump(jump: NonNullable<SshPlace["jump"]>, request: ConnectRequest): Promise<Jump> {
  const where = { host: hostText(jump.address), isJump: true };
  const { client } = await signIn({
    ...jump,
    ...request.jump,
    where,
    dial: dialDirectly,
    signal: request.signal,
    ask: (question) => request.ask({ ...question, jumpHost: where.host }),
  });
  return createJump(client, where);
}
