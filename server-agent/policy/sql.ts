import { ask, deny, type Finding, type Ground } from "./parts.ts";

/** Statements that only read, unless a word of `CHANGES` is in them. */
const READS = /^(select|table|values|with|show|explain)\b/;
const CHANGES = /\b(insert|update|delete|merge|into|truncate|drop|alter|create|execute|copy)\b/;
const PLAIN_WRITES =
  /^(insert into|update|delete from|merge into|create (unique )?(table|index|view|schema)|analyze|begin|commit|rollback|start transaction|end)\b/;
/** What is made to run later, by whoever touches it. */
const RUNS_LATER = /\b(function|procedure|trigger|rule|default|generated)\b/;
/** Functions that leave the tables: files, other servers, other sessions, other SQL. */
const OUTWARD =
  /\b(pg_(read|ls|write|file|execute|logical|drop|switch|create|advisory|replication|wal)_\w+|pg_(stat_file|terminate_backend|cancel_backend|reload_conf|rotate_logfile|promote|notify|sleep\w*)|lo_\w+|dblink\w*|(query|table|cursor|schema|database)_to_xml\w*|set_config|setval|ts_stat|load_extension|readfile|writefile|edit|fsdir|eval)\s*\(/;

/** Every statement of a text. A client's own commands (`\!`, `.shell`) are none, so they ask. */
export function judgeSql(text: string, ground: Ground): readonly Finding[] {
  const { rules } = ground;
  if (rules.database === "none") return [deny(`level "${rules.name}" has no database`)];
  const statements = statementsOf(text);
  if (statements === null) return [ask(`the SQL is not plain enough to judge: ${shortened(text)}`)];
  return statements.flatMap((statement) => judgeStatement(statement, ground));
}

/** Whether a text plainly has a statement that is not there to read. */
export function plainlyChanges(text: string): boolean {
  return statementsOf(text)?.some((statement) => !isRead(statement)) ?? false;
}

function statementsOf(text: string): readonly string[] | null {
  const statements = withoutLiterals(text)?.split(";") ?? null;
  if (statements === null) return null;
  return statements
    .map((statement) => statement.trim().toLowerCase().replace(/\s+/g, " "))
    .filter((statement) => statement !== "");
}

function isRead(statement: string): boolean {
  return READS.test(statement) && !CHANGES.test(statement);
}

function judgeStatement(statement: string, { rules }: Ground): readonly Finding[] {
  const shown = shortened(statement);
  const reads = isRead(statement);
  const destroys = reads ? null : destruction(statement);
  if (destroys !== null) return [ask(`${destroys}: ${shown}`, { kind: "database", targets: namesIn(statement) })];
  if (OUTWARD.test(statement)) return [ask(`calls a function that reaches out of the tables: ${shown}`)];
  if (reads) return [];
  if (!PLAIN_WRITES.test(statement) || RUNS_LATER.test(statement)) return [ask(`changes more than rows: ${shown}`)];
  if (rules.database === "writes") return [];
  return [rules.asks.database === "writes" ? ask(`changes data: ${shown}`) : deny(`may not change data: ${shown}`)];
}

function destruction(statement: string): string | null {
  const outer = withoutParentheses(statement);
  if (/\bdrop (?!constraint\b|default\b|not null\b|identity\b|expression\b)/.test(statement))
    return "drops what it names";
  if (/\btruncate\b/.test(statement)) return "empties a table";
  if (!/\b(delete from|update)\b/.test(statement)) return null;
  const everywhere =
    !/\bwhere\b/.test(outer) || /\bwhere (not )?(true|false|1 ?= ?1|'' ?= ?''|1)( or |$| returning )/.test(outer);
  return everywhere ? "changes or deletes every row" : null;
}

function namesIn(statement: string): string[] {
  const named =
    /\b(?:drop \w+(?: if exists)?|truncate(?: table)?|delete from|update)(?: only)? ([\w.]+(?: ?, ?[\w.]+)*)/;
  return (named.exec(statement)?.[1] ?? shortened(statement)).split(",").map((name) => name.trim());
}

function withoutParentheses(statement: string): string {
  const less = statement.replace(/\([^()]*\)/g, " ");
  return less === statement ? statement : withoutParentheses(less);
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}

/**
 * Without comments, with strings emptied and names unquoted. Null for what is read differently from database to
 * database, or by its settings: dollar quotes, backslashes, backticks, nested comments.
 */
function withoutLiterals(text: string): string | null {
  if (/[`\\\0]|\$\w*\$|\bu&['"]/i.test(text)) return null;
  let plain = "";
  for (let at = 0; at < text.length;) {
    const literal = LITERALS.find(({ opens }) => text.startsWith(opens, at));
    if (!literal) {
      plain += text.charAt(at);
      at += 1;
      continue;
    }
    literal.whole.lastIndex = at;
    const whole = literal.whole.exec(text)?.[0];
    if (whole === undefined) return null;
    plain += literal.leaves(whole);
    at += whole.length;
  }
  return plain;
}

const LITERALS: readonly { opens: string; whole: RegExp; leaves: (whole: string) => string }[] = [
  { opens: "--", whole: /--[^\n\r]*/y, leaves: () => " " },
  { opens: "/*", whole: /\/\*(?:(?!\/\*)[\s\S])*?\*\//y, leaves: () => " " },
  { opens: "'", whole: /'(?:[^']|'')*'/y, leaves: () => "''" },
  { opens: '"', whole: /"\w+"/y, leaves: (whole) => (/^"where"$/i.test(whole) ? "name" : whole.slice(1, -1)) },
];
