/**
 * Reads Texter's import body. What is read here can be rendered for every event without a failure: whatever we
 * would not do exactly as it says is refused, at its path.
 */
import * as z from "zod/mini";
import { invalidAt, type Issue } from "../../model/failure.ts";
import { issuesOf } from "../../model/issue.ts";
import { type Json, type JsonObject, jsonObjectSchema, jsonSchema } from "../../model/json.ts";
import * as limits from "../../model/limits.ts";
import { fail, type Result, succeed } from "../../model/result.ts";
import { textUpTo } from "../../model/text.ts";
import { checkBounds } from "./bounds.ts";
import { comparisons } from "./conditions.ts";
import { checkRequest, type RequestTemplate, requestSchema } from "./request.ts";
import { type Placeholder, scanTemplate } from "./template.ts";
import { isKnown, triggerProvider } from "./values.ts";

const confidentialData = z.optional(z.boolean());
const loaderParameters = ["name", "accountId", "idByChannel"];

/** Loads the chat of the message that triggered the scenario: there is no other that we know of. */
const loaderSchema = z.strictObject({
  name: z.literal("chat"),
  alias: z.string().check(
    z.maxLength(64),
    z.regex(/^[A-Za-z_][\w-]*$/, "must be a name of letters, digits, _ and -"),
    z.refine((alias) => alias !== triggerProvider, "is the name of the trigger's own values"),
  ),
  params: z._default(
    jsonObjectSchema.check(
      z.superRefine((params, context) => {
        for (const name of Object.keys(params)) {
          if (!loaderParameters.includes(name)) {
            context.addIssue({ code: "custom", path: [name], message: "is unknown" });
          }
        }
      }),
    ),
    {},
  ),
  confidentialData,
});

const conditionSchema = z.strictObject({
  name: z.literal("compare"),
  params: z.strictObject({ comparison: z.enum(comparisons), value: jsonSchema, compareTo: jsonSchema }),
  confidentialData,
});

const actionSchema = z.strictObject({ name: z.literal("request"), params: requestSchema, confidentialData });

export const scenarioSchema = z.strictObject({
  version: z.literal("v1"),
  name: textUpTo(200),
  description: z.optional(z.string().check(z.maxLength(2_000))),
  triggerEvents: z.array(z.literal("app.message.statusRequest")).check(z.minLength(1), z.maxLength(10)),
  loaders: z._default(
    z.strictObject({
      beforeConditions: z._default(z.array(loaderSchema).check(z.maxLength(10)), []),
      afterConditions: z._default(z.array(loaderSchema).check(z.maxLength(10)), []),
    }),
    { beforeConditions: [], afterConditions: [] },
  ),
  conditions: z._default(z.array(z.array(conditionSchema)), []),
  actions: z.tuple([actionSchema], "must be exactly one action"),
  // In which order several actions run; there is one.
  options: z.optional(jsonObjectSchema),
});

export const importSchema = z.strictObject({
  // Kept as it came; read by `parseScenario`.
  data: jsonObjectSchema,
  asStatus: z.enum(["active", "inactive", "draft"]),
  authorUid: z.nullish(textUpTo(200)),
});

export type Scenario = z.output<typeof scenarioSchema>;

export interface Import {
  readonly data: JsonObject;
  readonly scenario: Scenario;
  readonly asStatus: "active" | "inactive" | "draft";
  readonly authorUid: string | null;
}

export function parseImport(body: Json): Result<Import> {
  const bounds = checkBounds(body);
  if (bounds.length > 0) return refuse(bounds);
  const parsed = importSchema.safeParse(body);
  if (!parsed.success) return refuse(issuesOf(parsed.error));
  const { data, asStatus, authorUid = null } = parsed.data;
  const scenario = parseScenario(data);
  return scenario.ok ? succeed({ data, asStatus, authorUid, scenario: scenario.value }) : scenario;
}

/** The `data` of an import, as it came or as it was stored. */
export function parseScenario(data: Json): Result<Scenario> {
  const parsed = scenarioSchema.safeParse(data);
  if (!parsed.success) return refuse(issuesOf(parsed.error, "data"));
  const scenario = parsed.data;
  const issues = [
    ...checkPlaceholders(scenario),
    ...checkRequest(scenario.actions[0].params, "data.actions[0].params"),
  ];
  return issues.length > 0 ? refuse(issues) : succeed(scenario);
}

export function requestOf(scenario: Scenario): RequestTemplate {
  return scenario.actions[0].params;
}

/** A placeholder may name what has been loaded where it is read: the conditions come before the later loaders. */
function checkPlaceholders(scenario: Scenario): readonly Issue[] {
  const { beforeConditions, afterConditions } = scenario.loaders;
  const before = beforeConditions.map((loader) => loader.alias);
  const all = [...before, ...afterConditions.map((loader) => loader.alias)];
  const { url, headers, query, data = null } = requestOf(scenario);
  const conditions = scenario.conditions.map((every) =>
    every.map((condition) => ({ params: condition.params })),
  );
  const found = [
    scan(
      beforeConditions.map(({ params }) => ({ params })),
      "data.loaders.beforeConditions",
      [],
    ),
    scan(
      afterConditions.map(({ params }) => ({ params })),
      "data.loaders.afterConditions",
      before,
    ),
    scan(conditions, "data.conditions", before),
    scan({ url, headers, query, data }, "data.actions[0].params", all),
  ];
  const total = found.reduce((sum, { count }) => sum + count, 0);
  if (total > limits.scenarioPlaceholdersMax) {
    return [{ path: "data", message: `has more than ${limits.scenarioPlaceholdersMax} placeholders` }];
  }
  return found.flatMap(({ issues }) => issues);
}

function scan(template: Json, path: string, aliases: readonly string[]) {
  const { placeholders, issues } = scanTemplate(template, path);
  const unknown = placeholders
    .filter((placeholder) => !isKnown(placeholder, aliases))
    .map((placeholder) => ({
      path: placeholder.path,
      message: `names what is not there: ${nameOf(placeholder)}`,
    }));
  return { count: placeholders.length, issues: [...issues, ...unknown] };
}

function nameOf({ provider, key }: Placeholder): string {
  return `${provider}:${key}`.slice(0, limits.issueCharactersMax);
}

function refuse(issues: readonly Issue[]): Result<never> {
  return fail(invalidAt(issues));
}
