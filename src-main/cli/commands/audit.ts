import { z } from "zod";
import { AgentName } from "../../../contract/agents.ts";
import type { AuditCheckEvent, AuditVerdict } from "../../../contract/audit-check.ts";
import { recordSummary } from "../../../contract/audit-summary.ts";
import { faultWords, verdictWords } from "../../../contract/audit-words.ts";
import { AuditKind, type AuditRecord } from "../../../contract/audit.ts";
import { AppError } from "../../../contract/errors.ts";
import type { Server } from "../../../contract/servers.ts";
import { connect } from "../connect.ts";
import { FAILED, OK, type Context, type Outcome } from "../context.ts";
import { asAppError, soon, withDaemon } from "../daemon.ts";
import { exportTrail } from "../export-trail.ts";
import type { Screen } from "../screen.ts";

/** What happened on a server, whether that was changed since, and a copy of it. */
export async function audit(context: Context, server: Server): Promise<Outcome> {
  const [verb = "list", file] = context.words;
  if (verb === "list") return await list(context, server);
  if (verb === "verify") return await verify(context, server);
  if (verb === "export") return await exportTrail(context, server, file);
  throw new AppError("app.bad_input", "list, verify or export [FILE]");
}

const PAGE = 500;
const Filter = z.object({
  agent: AgentName.optional(),
  kind: AuditKind.optional(),
  limit: z.coerce.number().int().min(1).default(50),
});

async function list(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal, options } = context;
  const { limit, ...filter } = readFilter(options);
  const asked = { ...filter, taskId: options.task, text: options.text };
  return await withDaemon(context, server.id, async (api) => {
    const records: AuditRecord[] = [];
    let hasMore = true;
    while (hasMore && records.length < limit) {
      const part = { before: records.at(-1)?.seq, limit: Math.min(limit - records.length, PAGE) };
      const page = await api.audit.list({ ...asked, ...part }, soon(signal));
      for (const record of page.records) print(screen, record);
      records.push(...page.records);
      hasMore = page.hasMore;
    }
    if (records.length === 0) screen.print("No records.");
    return { result: { ok: true, records, hasMore }, exitCode: OK };
  });
}

function readFilter(options: Context["options"]): z.infer<typeof Filter> {
  const filter = Filter.safeParse(options);
  if (filter.success) return filter.data;
  const [issue] = filter.error.issues;
  throw new AppError("app.bad_input", `--${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}`);
}

function print(screen: Screen, { seq, at, kind, agent, detail }: AuditRecord): void {
  const columns = [String(seq).padStart(7), at, kind.padEnd(17), (agent ?? "").padEnd(10), recordSummary(detail)];
  screen.print(columns.join("  "));
}

async function verify(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal, host } = context;
  await connect(context, server.id);
  try {
    for await (const event of await host.client.audit.verify({ serverId: server.id }, { signal })) {
      if (event.type === "ended") return outcome(screen, event.verdict);
      progress(screen, event);
    }
  } catch (error) {
    throw asAppError(error);
  }
  throw new AppError("app.cancelled", "Cancelled");
}

function progress(screen: Screen, event: Extract<AuditCheckEvent, { type: "progress" }>): void {
  screen.event(event);
  if (screen.isInteractive) screen.note(`Checked ${event.checked} of ${event.total} records`);
}

function outcome(screen: Screen, verdict: AuditVerdict): Outcome {
  const asIs = (at: string): string => at;
  const { title, about } = verdictWords(verdict, asIs);
  screen.print(`${title}.`);
  if (verdict.state === "intact") {
    screen.print(about);
    return { result: { ok: true, ...verdict }, exitCode: OK };
  }
  for (const fault of verdict.faults) screen.print(`  ${faultWords(fault, asIs)}`);
  if (verdict.moreFaults > 0) screen.print(`  And ${verdict.moreFaults} more.`);
  screen.print(about);
  return { result: { ok: false, ...verdict }, exitCode: FAILED };
}
