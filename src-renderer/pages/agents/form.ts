import {
  AgentSettings,
  MAX_PROMPT_CHARACTERS,
  type AgentDefinition,
  type DefinitionChange,
} from "../../../contract/agent-settings.ts";

/** A definition as it is typed: numbers are texts until they are read. */
export interface Form extends Pick<AgentSettings, "model" | "tools" | "effort" | "thinking" | "driver"> {
  readonly budgetUsdPerDay: string;
  readonly maxTokens: string;
  readonly concurrency: string;
  readonly prompt: string;
}

export type FormErrors = Partial<Record<keyof Form, string>>;

export interface ReadForm {
  /** What differs from the definition. */
  readonly change: DefinitionChange;
  readonly errors: FormErrors;
}

export function toForm({ settings, prompt }: AgentDefinition): Form {
  const { model, tools, effort, thinking, driver, budgetUsdPerDay, maxTokens, concurrency } = settings;
  return {
    model,
    tools,
    effort,
    thinking,
    driver,
    budgetUsdPerDay: budgetUsdPerDay === null ? "" : String(budgetUsdPerDay),
    maxTokens: String(maxTokens),
    concurrency: String(concurrency),
    prompt,
  };
}

const COMPLAINTS: Readonly<Record<keyof Form, string>> = {
  model: "Such as claude-sonnet-5-5",
  tools: "Not a list of tools",
  effort: "Choose one",
  thinking: "Choose one",
  driver: "Choose one",
  budgetUsdPerDay: "A number from 0 to 1000000, or nothing",
  maxTokens: "A whole number from 1024 to 128000",
  concurrency: "A whole number from 1 to 8",
  prompt: "The prompt is empty or longer than 100,000 characters",
};

export function readForm(form: Form, definition: AgentDefinition): ReadForm {
  const before = toForm(definition);
  const keys = (Object.keys(COMPLAINTS) as (keyof Form)[]).filter((key) => differs(key, form, before));
  const change: Record<string, unknown> = {};
  const errors: FormErrors = {};
  for (const key of keys) {
    const value = valueOf(key, form);
    const isRight = key === "prompt" ? isPrompt(form.prompt) : AgentSettings.shape[key].safeParse(value).success;
    if (isRight) change[key] = value;
    else errors[key] = COMPLAINTS[key];
  }
  return { change, errors };
}

export function isChanged({ change, errors }: ReadForm): boolean {
  return Object.keys(change).length + Object.keys(errors).length > 0;
}

function differs(key: keyof Form, form: Form, before: Form): boolean {
  if (key === "tools") return form.tools.toSorted().join() !== before.tools.toSorted().join();
  if (key === "prompt") return form.prompt.trim() !== before.prompt.trim();
  return form[key] !== before[key];
}

function valueOf(key: keyof Form, form: Form): unknown {
  const text = form[key];
  if (key === "budgetUsdPerDay" && form[key].trim() === "") return null;
  const isNumber = key === "budgetUsdPerDay" || key === "maxTokens" || key === "concurrency";
  return isNumber ? readNumber(form[key]) : text;
}

function readNumber(text: string): number {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
}

function isPrompt(text: string): boolean {
  return text.trim() !== "" && text.length <= MAX_PROMPT_CHARACTERS;
}
