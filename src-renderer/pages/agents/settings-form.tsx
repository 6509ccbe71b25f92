import { type AgentSettings, type AgentToolName, DriverName, Effort } from "../../../contract/agent-settings.ts";
import { Segments, type Option } from "../../ui/choice.tsx";
import { Field } from "../../ui/field.tsx";
import type { Form, FormErrors } from "./form.ts";
import { TOOLS, TOOL_WORDS } from "./tool-words.ts";

interface SettingsFormProps {
  readonly form: Form;
  readonly errors: FormErrors;
  /** Settings that differ from the shipped ones. */
  readonly changed: readonly string[];
  readonly onChange: (change: Partial<Form>) => void;
}

const MODELS = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"];
const EFFORTS: readonly Option<AgentSettings["effort"]>[] = Effort.options.map((value) => ({
  value,
  label: value === "xhigh" ? "extra high" : value,
}));
const DRIVER_WORDS = { api: "built in", "claude-code": "Claude Code" } as const;
const DRIVERS: readonly Option<AgentSettings["driver"]>[] = DriverName.options.map((value) => ({
  value,
  label: DRIVER_WORDS[value],
}));
const THINKING: readonly Option<string>[] = [
  { value: "adaptive", label: "as the model likes" },
  { value: "off", label: "off" },
];

export function SettingsForm({ form, errors, changed, onChange }: SettingsFormProps) {
  const field = (key: "model" | "budgetUsdPerDay" | "maxTokens" | "concurrency", label: string, hint: string) => ({
    label,
    value: form[key],
    hint: changed.includes(key) ? `${hint} · not as shipped` : hint,
    error: errors[key],
    onChange: ({ target }: { target: HTMLInputElement }) => onChange({ [key]: target.value }),
  });
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-x-4 gap-y-3 phone:grid-cols-2">
        <Field mono list="models" {...field("model", "Model", "Used when the team runs on Anthropic")} />
        <datalist id="models">
          {MODELS.map((model) => (
            <option key={model} value={model}>
              {model}
            </option>
          ))}
        </datalist>
        <Field
          inputMode="decimal"
          {...field("budgetUsdPerDay", "Budget, USD a day", "Of its use of the model; empty for none")}
        />
        <Field inputMode="numeric" {...field("maxTokens", "Longest answer, tokens", "With its thinking")} />
        <Field inputMode="numeric" {...field("concurrency", "Tasks at a time", "Others wait in line")} />
        <Labelled label="Effort">
          <Segments label="Effort" value={form.effort} options={EFFORTS} onChange={(effort) => onChange({ effort })} />
        </Labelled>
        <Labelled label="Thinking">
          <Segments
            label="Thinking"
            value={String(form.thinking)}
            options={thinkingOptions(form.thinking)}
            onChange={(thinking) => onChange({ thinking: thinking === "off" ? "off" : "adaptive" })}
          />
        </Labelled>
        <Labelled label="Driver">
          <Segments label="Driver" value={form.driver} options={DRIVERS} onChange={(driver) => onChange({ driver })} />
          {form.driver === "claude-code" && (
            <p className="text-small text-dim">
              Its turns fail, and say how to install it, until you have installed it.
            </p>
          )}
        </Labelled>
      </div>
      <Tools chosen={form.tools} onChange={(tools) => onChange({ tools })} />
    </div>
  );
}

/** A number of tokens stands in the file only; it is shown while it is chosen. */
function thinkingOptions(thinking: AgentSettings["thinking"]): readonly Option<string>[] {
  if (typeof thinking !== "number") return THINKING;
  return [...THINKING, { value: String(thinking), label: `${thinking} tokens` }];
}

function Labelled({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span aria-hidden className="text-small font-strong text-dim">
        {label}
      </span>
      {children}
    </div>
  );
}

interface ToolsProps {
  readonly chosen: readonly AgentToolName[];
  readonly onChange: (tools: AgentToolName[]) => void;
}

function Tools({ chosen, onChange }: ToolsProps) {
  const toggle = (tool: AgentToolName) =>
    onChange(chosen.includes(tool) ? chosen.filter((other) => other !== tool) : [...chosen, tool]);
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-small font-strong text-dim">Tools</legend>
      <div className="card grid divide-line phone:grid-cols-2">
        {TOOLS.map((tool) => (
          <label
            key={tool}
            className="grid min-w-0 grid-cols-[auto_minmax(0,1fr)] items-start gap-x-2.5 px-3 py-1.5 hover:bg-raised"
          >
            <input
              type="checkbox"
              checked={chosen.includes(tool)}
              onChange={() => toggle(tool)}
              className="mt-1 accent-accent"
            />
            <span className="font-mono text-[12.5px]">{tool}</span>
            <span className="col-start-2 text-small text-dim">{TOOL_WORDS[tool]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
