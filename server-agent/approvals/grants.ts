import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import { ActionPattern, type Grant } from "../../contract/permissions.ts";
import type { Audit, Store, Tx } from "../store/open-store.ts";

/** Whoever may reach the API may answer and give: SSH is the login. */
export const PERSON = "a person";

export interface GrantDraft {
  readonly id: string;
  readonly agent: AgentName;
  readonly covers: ActionPattern;
  readonly minutes: number;
  readonly givenBy: string;
}

/** Lets an agent do something without being asked, for some time. The same id twice is one grant. */
export async function giveGrant(
  { tx, audit }: { readonly tx: Tx; readonly audit: Audit },
  { id, agent, covers, minutes, givenBy }: GrantDraft,
): Promise<void> {
  const until = new Date(Date.now() + minutes * 60_000);
  const given = await tx
    .insertInto("grants")
    .values({ id, agent, covers: JSON.stringify(covers), given_by: givenBy, until })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (given) audit({ kind: "grant_given", agent, detail: { grant: id, covers, until: until.toISOString(), givenBy } });
}

/** By a person, apart from any question. */
export async function grantOnce(store: Store, draft: Omit<GrantDraft, "givenBy">): Promise<Grant> {
  await store.change(async (tx, _emit, audit) => await giveGrant({ tx, audit }, { ...draft, givenBy: PERSON }));
  const given = (await listGrants(store)).find(({ id }) => id === draft.id);
  if (given) return given;
  throw new AppError("app.bad_input", `The grant ${draft.id} has ended`, { hint: "Give it again, with a new id." });
}

export async function listGrants(store: Store): Promise<Grant[]> {
  return await store.read(async (db) => await selectGrants(db));
}

/** What an agent may do unasked at the moment. */
export async function grantsOf(tx: Tx, agent: AgentName): Promise<Grant[]> {
  return (await selectGrants(tx)).filter((grant) => grant.agent === agent);
}

export async function revokeGrant(store: Store, id: string): Promise<void> {
  await store.change(async (tx, _emit, audit) => {
    const row = await tx
      .updateTable("grants")
      .set({ until: new Date() })
      .where("id", "=", id)
      .where("until", ">", new Date())
      .returning("agent")
      .executeTakeFirst();
    if (row) audit({ kind: "grant_revoked", agent: row.agent, detail: { grant: id } });
  });
}

async function selectGrants(db: Pick<Tx, "selectFrom">): Promise<Grant[]> {
  const rows = await db
    .selectFrom("grants")
    .selectAll()
    .where("until", ">", new Date())
    .orderBy("given_at", "desc")
    .execute();
  return rows.map(({ id, agent, covers, until, given_by }) => {
    return { id, agent, covers: ActionPattern.parse(covers), until: until.toISOString(), givenBy: given_by };
  });
}
