import type { ErrorCode } from "../../../contract/errors.ts";
import type { Plan, ServerFacts } from "../../../contract/provision.ts";
import { memoryText } from "../../../contract/size-text.ts";

export interface PreflightCheck {
  readonly title: string;
  /** What was found, or what speaks against the server. */
  readonly found: string;
  readonly ok: boolean;
}

const ROOT_WORDS: Record<ServerFacts["root"], string> = {
  login: "logged in as root",
  sudo: "root through sudo",
  sudo_password: "sudo with a password",
  none: "no way to root",
};

interface Question {
  readonly title: string;
  /** Blockers that mean no. */
  readonly codes: readonly ErrorCode[];
  readonly whenOk: (facts: ServerFacts) => string;
}

const QUESTIONS: readonly Question[] = [
  {
    title: "Machine",
    codes: ["provision.unsupported"],
    whenOk: ({ system, architecture, cores, memoryMb }) =>
      `${system}, ${architecture}, ${cores} ${cores === 1 ? "core" : "cores"}, ${memoryText(memoryMb)} memory`,
  },
  {
    title: "Administrator",
    codes: ["provision.no_sudo", "provision.sudo_password_needed", "provision.sudo_password_wrong"],
    whenOk: ({ user, root }) => (root === "login" ? ROOT_WORDS.login : `${user}, ${ROOT_WORDS[root]}`),
  },
  { title: "Disk", codes: ["provision.disk_full"], whenOk: ({ freeDiskMb }) => `${memoryText(freeDiskMb)} free` },
  { title: "Clock", codes: ["provision.clock_wrong"], whenOk: () => "as this computer's" },
  {
    title: "Package mirror",
    codes: ["provision.dns_failed", "provision.mirror_unreachable"],
    whenOk: () => "names resolve, the mirror answers or is not needed",
  },
  {
    title: "Ports and services",
    codes: ["provision.port_taken", "provision.service_in_use"],
    whenOk: () => "free, or used by what may stay",
  },
];

/** What was looked at before anything changes, each with its answer. */
export function preflightOf({ facts, blockers }: Plan): PreflightCheck[] {
  return QUESTIONS.map(({ title, codes, whenOk }) => {
    const against = blockers.filter(({ code }) => codes.includes(code));
    const isOk = against.length === 0;
    return { title, ok: isOk, found: isOk ? whenOk(facts) : against.map(({ message }) => message).join("; ") };
  });
}
