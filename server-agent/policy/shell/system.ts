import type { Destructive } from "../../../contract/approvals.ts";
import { ask } from "../parts.ts";
import type { Judge } from "./call.ts";
import { judgeDeletion } from "./files.ts";
import { readOptions } from "./options.ts";
import { shown, type Word } from "./words.ts";

/** Programs that act on the whole server: they ask anyway, and here what they would destroy is named. */
function names(kind: Destructive["kind"], destroys: RegExp): Judge {
  return ({ program, args }) => {
    const line = args.map(shown).join(" ");
    const targets = args.filter(({ text }) => !text?.startsWith("-")).map(shown);
    const verb = targets[0];
    if (!destroys.test(line)) return { verb, targets: targets.slice(1), findings: [] };
    const lost = { kind, targets: targets.length > 1 ? targets.slice(1) : [line] };
    return {
      verb,
      targets: targets.slice(1),
      findings: [ask(`${program} ${line} stops or deletes what it names`, lost)],
    };
  };
}

const wholeTree: Judge = (call) => {
  const [, ...files] = readOptions(call.args, ["--reference"]).operands;
  return { targets: files.map(shown), findings: files.flatMap((word: Word) => judgeDeletion(word, call, true)) };
};

const CONTAINERS = names("container", /\b(rm|rmi|prune|kill|stop|down|remove|delete|drain)\b/);
const SERVICES = names(
  "service",
  /\b(stop|disable|mask|kill|isolate|halt|poweroff|reboot|rescue|emergency|delete|remove|purge)\b/,
);
const ALWAYS = (kind: Destructive["kind"]): Judge => names(kind, /^/);

export const SYSTEM_JUDGES: Readonly<Record<string, Judge>> = {
  docker: CONTAINERS,
  "docker-compose": CONTAINERS,
  podman: CONTAINERS,
  kubectl: CONTAINERS,
  systemctl: SERVICES,
  service: SERVICES,
  certbot: SERVICES,
  nginx: names("service", /\b(stop|quit)\b/),
  apt: names("service", /\b(remove|purge|autoremove)\b/),
  "apt-get": names("service", /\b(remove|purge|autoremove)\b/),
  dpkg: names("service", /^-(r|P)|--(remove|purge)/),
  ufw: names("service", /\b(disable|reset|delete)\b/),
  nft: names("service", /\b(flush|delete)\b/),
  iptables: names("service", /-(F|X|D|P)\b/),
  killall: ALWAYS("service"),
  pkill: ALWAYS("service"),
  shutdown: ALWAYS("service"),
  reboot: ALWAYS("service"),
  poweroff: ALWAYS("service"),
  halt: ALWAYS("service"),
  mkfs: ALWAYS("files"),
  wipefs: ALWAYS("files"),
  fdisk: ALWAYS("files"),
  parted: ALWAYS("files"),
  userdel: ALWAYS("files"),
  chown: wholeTree,
  chgrp: wholeTree,
};
