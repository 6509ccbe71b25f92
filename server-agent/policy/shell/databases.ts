import { namedTables } from "../../platform/named-tables.ts";
import { ask, type Finding } from "../parts.ts";
import { judgeSql } from "../sql.ts";
import { judgeWord, placesOf, type Call, type Judge } from "./call.ts";
import { readOptions } from "./options.ts";
import { shown, type Word } from "./words.ts";

/** A database in a file of the workspace: its rows are the project's, so writing them is plain work. */
const sqlite: Judge = (call) => {
  const options = readOptions(
    call.args.map((word) =>
      word.text?.startsWith("--") ? word : { ...word, text: word.text?.replace(/^-(?=\w{2})/, "--") ?? null },
    ),
    ["--cmd", "--init", "--separator", "--nullvalue", "--newline"],
  );
  const [file, ...statements] = options.operands;
  const texts = [...statements, ...options.values("--cmd")];
  const input: Finding[] = call.input.from === "nowhere" || texts.length > 0 ? [] : inputSql(call);
  return {
    targets: file ? [shown(file)] : [],
    findings: [
      ...(file ? judgeWord("write", file, call) : []),
      ...(options.has("--init") ? [ask("sqlite3 -init runs commands from a file")] : []),
      ...[...texts.flatMap((word) => sqliteText(word.text, word.source, call)), ...input].map((finding) => {
        return file ? inFile(finding, placesOf(file, call.state)) : finding;
      }),
    ],
  };
};

function inFile(finding: Finding, within: readonly string[]): Finding {
  if (!finding.destructive || within.length === 0) return finding;
  return { ...finding, destructive: { ...finding.destructive, within: [...within] } };
}

function inputSql(call: Call): Finding[] {
  return call.input.from === "text"
    ? sqliteText(call.input.text, "its input", call)
    : [ask("sqlite3 would run a text from elsewhere")];
}

const SQLITE_LOOKS =
  /^\.(tables|schema|indexes|headers|mode|width|databases|dump|help|show|quit|exit|echo|bail|changes|timer)\b[^|]*$/;

function sqliteText(text: string | null, source: string, call: Call): Finding[] {
  if (text === null || /\[[^\]]*['"][^\]]*\]/.test(text))
    return [ask(`what sqlite3 would run cannot be judged: ${source}`)];
  if (text.trim().startsWith(".")) {
    return text.split("\n").every((line) => SQLITE_LOOKS.test(line.trim()))
      ? []
      : [ask(`sqlite3 ${text.trim()} may reach other files`)];
  }
  const writes = { ...call.ground, rules: { ...call.ground.rules, database: "writes" } } as const;
  return [...judgeSql(text, writes)].concat(/\battach\b/i.test(text) ? [ask("sqlite3 would open another file")] : []);
}

/** Clients of a server's databases: not on any level's list, but what they would destroy is named. */
function client(codeOptions: readonly string[]): Judge {
  return (call) => {
    const words = readOptions(call.args, codeOptions).values(...codeOptions);
    return { targets: words.map(shown), findings: words.flatMap((word) => serverSql(word, call)) };
  };
}

function serverSql(word: Word, call: Call): Finding[] {
  return word.text === null
    ? [ask(`what ${call.program} would run cannot be known`)]
    : [...judgeSql(word.text, call.ground)];
}

const PSQL_CODE = ["-c", "--command"];
const PSQL_SHORT = ["-c", "-d", "-f", "-h", "-p", "-U", "-v", "-P", "-o", "-L", "-F", "-R", "-T"];
const PSQL_LONG = `command dbname file host port username set pset output log-file field-separator record-separator`;
const PSQL_VALUES = [...PSQL_SHORT, ...PSQL_LONG.split(" ").map((name) => `--${name}`)];
/** Another server, or another file of statements. */
const PSQL_ELSEWHERE = ["-h", "--host", "-p", "--port", "-f", "--file"];

/** Names the database too, where that is one of this machine. */
const psql: Judge = (call) => {
  const options = readOptions(call.args, PSQL_VALUES);
  const words = options.values(...PSQL_CODE);
  const [given] = [...options.values("-d", "--dbname"), ...options.operands];
  const isElsewhere = options.has(...PSQL_ELSEWHERE);
  const name = isElsewhere ? null : plainName(given);
  const findings = words.flatMap((word) =>
    serverSql(word, call).map((finding) => inDatabase(finding, word.text ?? "", { name, isElsewhere })),
  );
  const isUnread = words.length === 0 || options.has("-f", "--file");
  return {
    targets: words.map(shown),
    findings: isUnread ? [...findings, ask("psql would run statements from elsewhere")] : findings,
  };
};

function plainName(word: Word | undefined): string | null {
  const text = word?.text ?? "";
  return /^\w[\w-]*$/.test(text) ? text : null;
}

interface Server {
  /** Null when it is not plain. */
  readonly name: string | null;
  readonly isElsewhere: boolean;
}

const DROPS_DATABASE = /^\s*drop\s+database\s+(?:if\s+exists\s+)?"?(\w+)"?\s*(?:(?:with\s*)?\(force\)\s*)?;?\s*$/i;
/** What belongs to no database. */
const OF_SERVER = /\b(drop|alter)\s+(database|role|user|group|tablespace|owned|system|subscription|server)\b/i;

function inDatabase(finding: Finding, sql: string, { name, isElsewhere }: Server): Finding {
  if (!finding.destructive || isElsewhere) return finding;
  const dropped = DROPS_DATABASE.exec(sql)?.[1];
  if (dropped !== undefined) return withDatabase(finding, dropped, []);
  return name === null || OF_SERVER.test(sql) ? finding : withDatabase(finding, name, namedTables(sql));
}

function withDatabase(finding: Finding, name: string, tables: readonly string[]): Finding {
  if (!finding.destructive) return finding;
  return { ...finding, destructive: { ...finding.destructive, databases: [{ name, tables: [...tables] }] } };
}

const drops: Judge = (call) => {
  const options = readOptions(call.args, ["-h", "--host", "-p", "--port", "-U", "--username", "--maintenance-db"]);
  const targets = options.operands.map(shown);
  const finding = ask(`${call.program} deletes a database`, { kind: "database", targets });
  const name = plainName(options.operands[0]);
  const isElsewhere = call.program !== "dropdb" || options.has("-h", "--host", "-p", "--port");
  return { targets, findings: [isElsewhere || name === null ? finding : withDatabase(finding, name, [])] };
};

const redis: Judge = (call) => {
  const text = call.args.map(shown).join(" ");
  const destroys =
    /\b(flushall|flushdb|del|unlink|config|shutdown|eval|script|module|slaveof|replicaof|debug|save|rename|getdel|xtrim|migrate)\b/i.test(
      text,
    );
  return {
    findings: destroys
      ? [ask(`redis-cli ${text} deletes data or steers the server`, { kind: "database", targets: [text] })]
      : [],
  };
};

export const DATABASE_JUDGES: Readonly<Record<string, Judge>> = {
  sqlite3: sqlite,
  psql,
  mysql: client(["-e", "--execute"]),
  mariadb: client(["-e", "--execute"]),
  dropdb: drops,
  pg_dropcluster: drops,
  "redis-cli": redis,
  "valkey-cli": redis,
};
