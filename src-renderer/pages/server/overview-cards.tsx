import type { ReactNode } from "react";
import type { ServerCertificate, ServerOverview } from "../../../contract/server-overview.ts";
import { memoryText } from "../../../contract/size-text.ts";
import { Meter } from "../../ui/meter.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Ago, exactTime, relativeTime, useNow } from "../../ui/time.tsx";
import { Tip } from "../../ui/tip.tsx";
import { certificateTime, isAlmostFull, packageWords, SERVICE_MARKS, serviceName } from "./overview-words.ts";

interface CardProps {
  readonly overview: ServerOverview;
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="card flex min-w-0 flex-col overflow-hidden">
      <h3 className="border-b border-line px-3 py-1.5 text-small text-dim">{title}</h3>
      <div className="flex flex-1 flex-col gap-2 px-3 py-2.5">{children}</div>
    </section>
  );
}

export function VersionsCard({ overview }: CardProps) {
  const { versions, appRelease } = overview;
  const rows = [
    ["Team", versions.daemon],
    ["System", versions.system],
    ["Kernel", versions.kernel],
    ["PostgreSQL", versions.postgres],
    ["Redis", versions.redis],
    ["nginx", versions.nginx],
    ["Node", versions.node],
  ] as const;
  return (
    <Card title="Versions">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {rows.map(([name, version]) => (
          <div key={name} className="contents">
            <dt className="text-dim">{name}</dt>
            <dd className="min-w-0 text-right wrap-anywhere tabular-nums">
              {version ?? <span className="text-faint">not installed</span>}
            </dd>
          </div>
        ))}
      </dl>
      {versions.daemon !== appRelease && (
        <p className="text-small text-dim wrap-anywhere">This app brings {appRelease}.</p>
      )}
    </Card>
  );
}

export function ServicesCard({ overview }: CardProps) {
  return (
    <Card title="Services">
      <ul className="flex flex-col gap-1">
        {overview.services.map(({ unit, description, state }) => (
          <li key={unit} className="flex items-center gap-2.5">
            <StateMark mark={SERVICE_MARKS[state]} />
            <Tip text={`${unit}: ${description}`}>
              <span className="min-w-0 flex-1 truncate">{serviceName({ unit })}</span>
            </Tip>
            <span className={`text-small ${state === "failed" ? "text-bad" : "text-faint"}`}>{state}</span>
          </li>
        ))}
      </ul>
      <p className="text-small text-faint">
        Started <Ago at={overview.bootedAt} />
      </p>
    </Card>
  );
}

export function RoomCard({ overview: { disks, memory } }: CardProps) {
  const swap = memory.swapMb > 0 ? [{ name: "Swap", freeMb: memory.swapFreeMb, sizeMb: memory.swapMb }] : [];
  const rooms = [
    ...disks.map(({ path, freeMb, sizeMb }) => ({ name: path === "/" ? "Disk" : `Disk ${path}`, freeMb, sizeMb })),
    { name: "Memory", freeMb: memory.availableMb, sizeMb: memory.totalMb },
    ...swap,
  ];
  return (
    <Card title="Disk and memory">
      <ul className="flex flex-col gap-3">
        {rooms.map(({ name, freeMb, sizeMb }) => {
          const words = `${memoryText(freeMb)} of ${memoryText(sizeMb)} free`;
          const isFull = name !== "Swap" && isAlmostFull(freeMb, sizeMb);
          return (
            <li key={name} className="flex flex-col gap-1.5">
              <span className="flex flex-wrap justify-between gap-x-3">
                <span className="min-w-0 truncate">{name}</span>
                <span className={`shrink-0 tabular-nums ${isFull ? "text-bad" : "text-dim"}`}>
                  {words}
                  {isFull && ", almost full"}
                </span>
              </span>
              <Meter label={name} value={1 - freeMb / sizeMb} text={words} tone={isFull ? "bad" : "plain"} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

export function CertificatesCard({ overview: { certificates } }: CardProps) {
  const now = useNow(60_000);
  return (
    <Card title="Certificates">
      {certificates.length === 0 && <p className="text-dim">None yet. They come with the first site.</p>}
      <ul className="flex flex-col gap-3">
        {certificates.map((certificate) => (
          <Certificate key={certificate.path} certificate={certificate} now={now} />
        ))}
      </ul>
    </Card>
  );
}

/** Certificates last 90 days, so that is a full bar. */
const WHOLE_DAYS = 90;
const TONES = { failed: "bad", needs_you: "needs_you" } as const;

function Certificate({ certificate, now }: { readonly certificate: ServerCertificate; readonly now: number }) {
  const { days, mark, words } = certificateTime(certificate, now);
  const tone = mark === "failed" || mark === "needs_you" ? TONES[mark] : "plain";
  const others = certificate.names.length - 1;
  return (
    <li className="flex flex-col gap-1.5">
      <span className="flex items-center gap-2.5">
        <StateMark mark={mark} />
        <Tip text={certificate.names.join(", ") || certificate.path}>
          <span className="min-w-0 flex-1 truncate">
            {certificate.name}
            {others > 0 && <span className="text-faint"> and {others} more</span>}
          </span>
        </Tip>
        <Tip text={`Until ${exactTime(certificate.expiresAt)}`}>
          <time dateTime={certificate.expiresAt} className="shrink-0 text-dim tabular-nums">
            {words}
          </time>
        </Tip>
      </span>
      <Meter label={`Time left for ${certificate.name}`} value={days / WHOLE_DAYS} text={words} tone={tone} />
    </li>
  );
}

interface UpdatesCardProps extends CardProps {
  /** The way to install them. */
  readonly children: ReactNode;
}

export function UpdatesCard({ overview, children }: UpdatesCardProps) {
  const { versions, appRelease, packages, services } = overview;
  const now = useNow(60_000);
  const isCurrent = versions.daemon === appRelease;
  const installsItself = services.some(
    ({ unit, state }) => unit.startsWith("unattended-upgrades") && state === "active",
  );
  const lists = packages.listsReadAt ? `Lists read ${relativeTime(Date.parse(packages.listsReadAt), now)}.` : "";
  return (
    <Card title="Updates">
      <ul className="flex flex-col gap-2">
        <Line
          mark={isCurrent ? "ok" : "waiting"}
          title={isCurrent ? "The team is up to date" : "The team has an update"}
        >
          {isCurrent ? "The server runs what this app brings." : "The plan above installs it."}
        </Line>
        <Line mark={packages.security > 0 ? "needs_you" : "ok"} title={packageWords(packages)}>
          {packages.listsReadAt === null && "The server has never read its package lists."} {lists}{" "}
          {packages.updates > 0 && installsItself && "The server installs security updates by itself."}
        </Line>
        {packages.rebootNeeded && (
          <Line mark="needs_you" title="A restart is needed">
            An installed update counts from the next start on.
          </Line>
        )}
      </ul>
      {children}
    </Card>
  );
}

interface LineProps {
  readonly mark: "ok" | "waiting" | "needs_you";
  readonly title: string;
  readonly children: ReactNode;
}

function Line({ mark, title, children }: LineProps) {
  return (
    <li className="flex items-start gap-2.5">
      <span className="pt-1.25">
        <StateMark mark={mark} />
      </span>
      <span className="min-w-0">
        {title}
        <span className="block text-small text-faint">{children}</span>
      </span>
    </li>
  );
}

/** Says what there is instead. */
export function BackupCard() {
  return (
    <Card title="Last backup">
      <p className="text-dim">
        None yet: this version makes no backups. Snapshots are kept before actions that destroy something.
      </p>
    </Card>
  );
}
