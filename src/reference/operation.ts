/** What the reference says of one operation. The table of all of them is `operations.ts`. */
import type { Scope } from "../model/access.ts";
import type { Failure } from "../model/failure.ts";
import type { Json } from "../model/json.ts";
import type { answerSchemas } from "./answers.ts";
import type { requestSchemas } from "./requests.ts";

export type AnswerName = keyof typeof answerSchemas;
export type RequestName = keyof typeof requestSchemas;
export type ComponentName = AnswerName | RequestName;
export type ProblemKind = Failure["kind"];

export const areas = [
  "Receiving",
  "Messages",
  "Feed",
  "Subscriptions",
  "Scenarios",
  "Sources",
  "Rejected webhooks",
  "Keys",
  "Service",
] as const;
export type Area = (typeof areas)[number];

export interface Parameter {
  readonly description: string;
  /** JSON Schema; a text where left out. */
  readonly schema?: { readonly [member: string]: Json };
  readonly example?: string;
}

export interface Answer {
  readonly description: string;
  /** Of the body; `page` is a list of it, left out: no body. */
  readonly body?: AnswerName | { readonly page: AnswerName } | { readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly id: string;
  readonly method: "get" | "post" | "patch" | "delete";
  /** With `{name}` for what is filled in. */
  readonly path: string;
  readonly area: Area;
  readonly summary: string;
  readonly description?: string;
  /** A scope; any key at all; the source's own credentials; or nothing. */
  readonly access: Scope | "anyKey" | "source" | "public";
  readonly query?: Readonly<Record<string, Parameter>>;
  readonly headers?: Readonly<Record<string, Parameter>>;
  readonly body?: { readonly name: RequestName | "any"; readonly optional?: true };
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** What makes it 409, besides an `Idempotency-Key` that is at work: each the end of a sentence. */
  readonly conflicts?: readonly string[];
  /** Besides those that follow from the rest: see `problemsOf`. */
  readonly problems?: readonly ProblemKind[];
}

/** What every list takes. */
export const pageParameters = {
  limit: {
    description: "How many at most.",
    schema: { type: "integer", minimum: 1, maximum: 200, default: 50 },
    example: "50",
  },
  cursor: { description: "`nextCursor` of the page before. Opaque." },
} satisfies Record<string, Parameter>;

export const timeParameterSchema = { type: "string", format: "date-time" } as const;

const idempotencyKey: Parameter = {
  description:
    "1 to 255 visible ASCII characters. For 24 hours a repeat with the same key and body gets the first answer again, with `Idempotency-Replayed: true`; with another body it is 422, while the first is still at work 409.",
  example: "7c0f6a1e-order-4711",
};

export function isKeyed({ access }: Operation): boolean {
  return access !== "public" && access !== "source";
}

/** The headers that a request may carry, besides its credential. */
export function headersOf(operation: Operation): Readonly<Record<string, Parameter>> {
  const repeatable = operation.method === "post" && isKeyed(operation);
  return { ...operation.headers, ...(repeatable ? { "Idempotency-Key": idempotencyKey } : {}) };
}

/** Null: nothing to say beyond what every 409 says. */
export function conflictWords({ conflicts }: Operation): string | null {
  return conflicts === undefined ? null : `409 ${conflicts.join(", or ")}.`;
}

export function pathNamesOf({ path }: Operation): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));
}

/** Every way in which the operation may be refused, in the order of their statuses. */
export function problemsOf(operation: Operation): ProblemKind[] {
  const { access, body, query, conflicts, problems = [] } = operation;
  const keyed = isKeyed(operation);
  const kinds = new Set<ProblemKind>(problems);
  if (keyed) kinds.add("unauthenticated").add("unavailable");
  if (keyed && access !== "anyKey") kinds.add("forbidden");
  if (keyed && pathNamesOf(operation).length > 0) kinds.add("notFound");
  if (conflicts !== undefined) kinds.add("conflict");
  if (query !== undefined && Object.keys(query).length > 0) kinds.add("invalid");
  if (keyed && operation.method === "post") kinds.add("conflict").add("invalid");
  if (body !== undefined) kinds.add("invalid").add("tooLarge");
  // What a provider sends is not refused for its form, but kept for who can mend the reader.
  if (body !== undefined && body.name !== "any") kinds.add("malformed");
  return problemOrder.filter((kind) => kinds.has(kind));
}

const problemOrder: readonly ProblemKind[] = [
  "malformed",
  "unauthenticated",
  "forbidden",
  "notFound",
  "methodNotAllowed",
  "conflict",
  "gone",
  "tooLarge",
  "invalid",
  "upgradeRequired",
  "rateLimited",
  "unavailable",
];
