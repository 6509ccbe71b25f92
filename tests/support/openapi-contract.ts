import { Ajv, type ValidateFunction } from "ajv";

export interface ContractRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Undefined when there was none. */
  readonly body: unknown;
}

export interface ContractReply {
  readonly status: number;
  readonly body: unknown;
}

/** The path of an operation as the document writes it, and what stands in its places. */
export interface Operation {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** An OpenAPI document as a judge of what goes over a wire. */
export interface OpenapiContract {
  /** Null when the document has no such operation. */
  operation(request: ContractRequest): Operation | null;
  /** What does not fit, empty when all does. */
  faultsOfRequest(request: ContractRequest): string[];
  faultsOfReply(request: ContractRequest, reply: ContractReply): string[];
}

type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null;
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>;
}
interface DocumentOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

const ROOT = "openapi";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const whole = (from: number, to: number) => ({
  type: "number" as const,
  validate: (value: number) => Number.isInteger(value) && value >= from && value <= to,
});
const FORMATS = {
  uint: whole(0, Number.MAX_SAFE_INTEGER),
  uint8: whole(0, 0xff),
  uint32: whole(0, 0xffffffff),
  uint64: whole(0, Number.MAX_SAFE_INTEGER),
  int64: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  float: { type: "number" as const, validate: (value: number) => Number.isFinite(Math.fround(value)) },
  double: { type: "number" as const, validate: Number.isFinite },
  uuid: UUID,
  uri: (value: string) => URL.canParse(value),
  "date-time": (value: string) => !Number.isNaN(Date.parse(value)),
  "partial-date-time": (value: string) => !Number.isNaN(Date.parse(value)),
  binary: true as const,
};

/** As it stands a document lets through what is misspelt: here objects are closed, formats count, and null means null. */
export function readContract(text: string): OpenapiContract {
  const document = JSON.parse(text) as Document;
  const ajv = new Ajv({ strict: false, formats: FORMATS });
  ajv.addSchema(tightened(document as unknown as Json) as object, ROOT);
  const validators = new Map<string, ValidateFunction>();

  const faults = (pointer: readonly string[], value: unknown): string[] => {
    const reference = `${ROOT}#/${pointer.map(escaped).join("/")}`;
    const validate = validators.get(reference) ?? ajv.compile({ $ref: reference });
    validators.set(reference, validate);
    return validate(value) ? [] : [ajv.errorsText(validate.errors, { dataVar: "body" })];
  };
  const found = (request: ContractRequest) => findOperation(document, request);

  return {
    operation: (request) => found(request)?.operation ?? null,
    faultsOfRequest(request) {
      const match = found(request);
      if (match === null) return ["the document has no such operation"];
      const { described, pointer, operation } = match;
      const wrong = Object.keys(operation.query).flatMap((name) => {
        const at = described.parameters?.findIndex((one) => one.in === "query" && one.name === name) ?? -1;
        if (at === -1) return [`the query has ${name}, which is unknown`];
        return faults([...pointer, "parameters", String(at), "schema"], operation.query[name]);
      });
      if (described.requestBody !== undefined) {
        return [...wrong, ...faults([...pointer, "requestBody", ...JSON_SCHEMA], request.body)];
      }
      return request.body === undefined ? wrong : [...wrong, "a body is not due"];
    },
    faultsOfReply(request, { status, body }) {
      const match = found(request);
      if (match === null) return ["the document has no such operation"];
      const keys = [String(status), `${String(status)[0]}XX`, "default"];
      const known = keys.find((key) => key in match.described.responses);
      if (known === undefined) return [`the document has no reply ${status}`];
      return faults([...match.pointer, "responses", known, ...JSON_SCHEMA], body);
    },
  };
}

const JSON_SCHEMA = ["content", "application/json", "schema"];

function findOperation(document: Document, { method, path }: ContractRequest) {
  const { pathname, searchParams } = new URL(path, "http://stand-in");
  const verb = method.toLowerCase();
  const query = Object.fromEntries([...searchParams].map(([name, value]) => [name, typed(value)]));
  for (const [template, operations] of Object.entries(document.paths)) {
    const described = operations[verb];
    const parameters = matched(template, pathname);
    if (described === undefined || parameters === null) continue;
    const operation: Operation = { name: `${method} ${template}`, parameters, query };
    return { described, pointer: ["paths", template, verb], operation };
  }
  return null;
}

function matched(template: string, pathname: string): Record<string, string> | null {
  const [wanted, given] = [template.split("/"), pathname.split("/")];
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? "";
    if (part.startsWith("{")) parameters[part.slice(1, -1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return parameters;
}

/** What a query holds is text; the document says what it stands for. */
function typed(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  return /^\d+$/.test(value) ? Number(value) : value;
}

function tightened(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(tightened);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema as Record<string, Json>);
  // The document writes null so, and a validator of JSON Schema takes it for anything.
  if (entries.length === 1 && entries[0]?.[0] === "nullable") return { type: "null" };
  const inner = Object.fromEntries(entries.map(([key, value]) => [key, tightened(value)]));
  const isOpen = typeof inner["properties"] === "object" && inner["additionalProperties"] === undefined;
  return isOpen ? { ...inner, additionalProperties: false } : inner;
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
