import type { Plan } from "../../../contract/provision.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { preflightOf } from "./preflight.ts";

/** Whether this server can be provisioned as it is, and by what that was judged. */
export function PreflightCard({ plan }: { readonly plan: Plan }) {
  const checks = preflightOf(plan);
  const refused = checks.filter(({ ok }) => !ok).length;
  return (
    <section aria-label="Preflight" className="card overflow-hidden">
      <h3 className="flex justify-between gap-3 border-b border-line px-3 py-1.5 text-small text-dim">
        Preflight
        <span className={`font-normal ${refused > 0 ? "text-bad" : "text-faint"}`}>
          {refused > 0 ? `${refused} of ${checks.length} speak against it` : "nothing speaks against it"}
        </span>
      </h3>
      <ul className="grid gap-x-6 px-3 py-2 sheet:grid-cols-2">
        {checks.map(({ title, found, ok }) => (
          <li key={title} className="flex items-start gap-2.5 py-1">
            <span className="pt-1.25">
              <StateMark mark={ok ? "ok" : "failed"} label={ok ? "fits" : "does not fit"} />
            </span>
            <span className="w-34 shrink-0 font-strong">{title}</span>
            <span className={`min-w-0 wrap-anywhere ${ok ? "text-dim" : "text-bad"}`}>{found}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
