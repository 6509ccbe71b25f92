import type { SentMessage } from "../../../contract/team-messages.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { Tip } from "../../ui/tip.tsx";
import { exactTime } from "../../ui/time.tsx";
import { type Arrow, type Exchange } from "./exchange.ts";

const WORDS: Record<SentMessage["type"], string> = {
  task: "gives",
  result: "answers",
  handoff: "hands over",
  query: "asks",
  heartbeat: "is there",
  learn: "tells all",
};

const COLORS: Record<SentMessage["type"], string> = {
  task: "var(--accent)",
  result: "var(--ok)",
  handoff: "var(--accent)",
  query: "var(--dim)",
  heartbeat: "var(--faint)",
  learn: "var(--dim)",
};

/** Who told whom what, from top to bottom: a column for each who takes part, an arrow for each message. */
export function ExchangeView({ exchange: { columns, arrows } }: { readonly exchange: Exchange }) {
  return (
    <div className="card overflow-x-auto">
      <div className="min-w-fit px-3 py-2" style={{ minWidth: columns.length * 96 }}>
        <div
          className="grid border-b border-line pb-1.5"
          style={{ gridTemplateColumns: `repeat(${columns.length}, 1fr)` }}
        >
          {columns.map((name) => (
            <span key={name} className="text-center text-small font-strong">
              {name === "person" ? "You" : AGENT_LABELS[name]}
            </span>
          ))}
        </div>
        <ol>
          {arrows.map((arrow) => (
            <Row key={arrow.id} arrow={arrow} columns={columns} />
          ))}
        </ol>
      </div>
    </div>
  );
}

interface RowProps {
  readonly arrow: Arrow;
  readonly columns: Exchange["columns"];
}

function Row({ arrow, columns }: RowProps) {
  const middle = (column: number) => ((column + 0.5) / columns.length) * 100;
  const from = middle(arrow.from);
  const agents = columns.flatMap((name, column) => (name === "person" ? [] : middle(column)));
  const ends = arrow.to === null ? [Math.min(...agents), Math.max(...agents)] : [middle(arrow.to)];
  const left = Math.min(from, ...ends);
  const right = Math.max(from, ...ends);
  return (
    <li className="relative h-11">
      <span className="sr-only">{sentence(arrow, columns)}</span>
      {columns.map((name, column) => (
        <span
          key={name}
          aria-hidden
          className="absolute inset-y-0 w-px bg-line"
          style={{ left: `${middle(column)}%` }}
        />
      ))}
      <Tip text={`${sentence(arrow, columns)} · ${exactTime(arrow.at)}`}>
        <span
          aria-hidden
          className="absolute top-1 truncate bg-panel px-1 text-center text-small"
          style={{ left: `calc(${left}% + 8px)`, width: `calc(${right - left}% - 16px)`, minWidth: 64 }}
        >
          <span className="text-faint">{WORDS[arrow.type]}</span> {arrow.text}
        </span>
      </Tip>
      <Line arrow={arrow} left={left} right={right} />
      {ends.map((end) => end !== from && <Head key={end} end={end} pointsRight={end > from} type={arrow.type} />)}
    </li>
  );
}

interface LineProps {
  readonly arrow: Arrow;
  readonly left: number;
  readonly right: number;
}

/** Dashed until somebody has taken the message. */
function Line({ arrow, left, right }: LineProps) {
  const color = COLORS[arrow.type];
  const dashes = `repeating-linear-gradient(90deg, ${color} 0 5px, transparent 5px 9px)`;
  const background = arrow.taken ? color : dashes;
  return (
    <span
      aria-hidden
      className="absolute bottom-3 h-px"
      style={{ left: `${left}%`, width: `${right - left}%`, background }}
    />
  );
}

interface HeadProps {
  readonly end: number;
  readonly pointsRight: boolean;
  readonly type: SentMessage["type"];
}

function Head({ end, pointsRight, type }: HeadProps) {
  return (
    <span
      aria-hidden
      className="absolute bottom-[9px] size-1.75 border-t border-r"
      style={{
        left: `calc(${end}% - ${pointsRight ? 7 : 0}px)`,
        borderColor: COLORS[type],
        rotate: pointsRight ? "45deg" : "-135deg",
      }}
    />
  );
}

function sentence(arrow: Arrow, columns: Exchange["columns"]): string {
  const label = (column: number) => {
    const name = columns[column];
    return !name || name === "person" ? "You" : AGENT_LABELS[name];
  };
  const to = arrow.to === null ? "" : ` to ${label(arrow.to)}`;
  return `${label(arrow.from)} ${WORDS[arrow.type]}${to}: ${arrow.text}`;
}
