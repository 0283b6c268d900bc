/** What the reference says agrees with itself and with the code that it describes. */
import type { Context } from "hono";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { listQuerySchema } from "../../../src/history/query.ts";
import type { AppEnvironment } from "../../../src/http/context.ts";
import { internalProblem, problem } from "../../../src/http/problem.ts";
import type { Failure } from "../../../src/model/failure.ts";
import { filterSchema } from "../../../src/model/filter.ts";
import { asyncApi } from "../../../src/reference/asyncapi.ts";
import { componentSchemas } from "../../../src/reference/components.ts";
import { examples } from "../../../src/reference/examples.ts";
import { streamChannels } from "../../../src/reference/frames.ts";
import { openApi } from "../../../src/reference/openapi.ts";
import { operations } from "../../../src/reference/operations.ts";
import { filterQuery } from "../../../src/reference/operations/feed.ts";
import { messageQuery } from "../../../src/reference/operations/messages.ts";
import { problemNotes } from "../../../src/reference/problems.ts";
import { words } from "../../../src/reference/words.ts";
import { clientFrameSchema } from "../../../src/stream/protocol.ts";
import { serverFrameSchema } from "../../../src/stream/serverFrame.ts";

const components = componentSchemas();
const documents = { "openapi.json": openApi(), "asyncapi.json": asyncApi() };

test("every member of every component has words, and no words are left over", () => {
  const said = new Set(
    Object.entries(words).flatMap(([name, members]) =>
      Object.keys(members).map((path) => (path === "" ? name : `${name}.${path}`)),
    ),
  );
  const there = Object.entries(components).flatMap(([name, schema]) => [
    { path: name, described: schema["description"] !== "" },
    ...membersOf(schema).map((member) => ({ ...member, path: `${name}.${member.path}` })),
  ]);
  const topLevel = there.filter(({ path }) => path.split(".").length <= 2);
  expect(topLevel.filter(({ described }) => !described).map(({ path }) => path)).toEqual([]);
  const paths = new Set(there.map(({ path }) => path));
  expect([...said].filter((path) => !paths.has(path))).toEqual([]);
});

test.each(Object.entries(examples))("the example of %s fits its schema", (name, example) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "reference", components: { schemas: components } });
  const validate = ajv.compile({ $ref: `reference#/components/schemas/${name}` });
  expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
});

test("every answer and body with a schema has an example", () => {
  const named = operations.flatMap(({ answers, body }) => [
    ...Object.values(answers).map((answer) => answer.body),
    body?.name === "any" ? undefined : body?.name,
  ]);
  const names = named.flatMap((one) => {
    if (typeof one === "string") return [one];
    return one !== undefined && "page" in one ? [one.page] : [];
  });
  expect(names.filter((name) => !Object.hasOwn(examples, name))).toEqual([]);
});

test.each(Object.entries(documents))("every reference of %s leads somewhere", (_, document) => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) =>
    String(match[1]),
  );
  expect(references.length).toBeGreaterThan(50);
  const lost = references.filter((path) => {
    const found = path
      .split("/")
      .reduce<unknown>((inner, step) => (isObject(inner) ? inner[step] : undefined), document);
    return found === undefined;
  });
  expect(lost).toEqual([]);
});

test("operations have names of their own", () => {
  const ids = operations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("the parameters of lists are those that their schemas read", () => {
  expect(Object.keys(messageQuery).toSorted()).toEqual(Object.keys(listQuerySchema.shape).toSorted());
  const filtered = Object.keys(filterQuery).map((name) => name.replace(".<key>", ""));
  expect(filtered.toSorted()).toEqual(Object.keys(filterSchema.shape).toSorted());
});

test("every frame of the protocol stands on a channel", () => {
  const [feed, message] = streamChannels;
  expect(feed?.takes.toSorted()).toEqual(types(clientFrameSchema.def.options));
  expect(message?.sends.toSorted()).toEqual(types(serverFrameSchema.def.options));
});

describe("each problem", () => {
  const failures: { readonly [Kind in Failure["kind"]]: Extract<Failure, { kind: Kind }> } = {
    unauthenticated: { kind: "unauthenticated" },
    forbidden: { kind: "forbidden", detail: "" },
    notFound: { kind: "notFound", detail: "" },
    methodNotAllowed: { kind: "methodNotAllowed", allow: "GET" },
    malformed: { kind: "malformed", detail: "" },
    invalid: { kind: "invalid", detail: "", issues: [] },
    conflict: { kind: "conflict", detail: "" },
    gone: { kind: "gone", detail: "" },
    tooLarge: { kind: "tooLarge", limitBytes: 1 },
    rateLimited: { kind: "rateLimited", retryAfterSeconds: 1 },
    upgradeRequired: { kind: "upgradeRequired" },
    unavailable: { kind: "unavailable", detail: "", retryAfterSeconds: 1 },
  };
  const context = {
    env: { PUBLIC_URL: "https://tickline.example.com" },
    get: () => "request",
    body: (text: string, status: number) => new Response(text, { status }),
  } as unknown as Context<AppEnvironment>;

  test.each(Object.entries(problemNotes))("%s is explained as it is answered", async (kind, note) => {
    const found = Object.values(failures).find((failure) => failure.kind === kind);
    const response = found === undefined ? internalProblem(context) : problem(context, found);
    expect(await response.json()).toMatchObject({
      type: `https://tickline.example.com/docs/problems#${note.slug}`,
      title: note.title,
      status: note.status,
    });
  });
});

function types(options: readonly { shape: { type: { def: { values: string[] } } } }[]): string[] {
  return options.flatMap(({ shape }) => shape.type.def.values).toSorted();
}

interface Member {
  readonly path: string;
  readonly described: boolean;
}

function membersOf(schema: object): Member[] {
  const { properties, items } = schema as { properties?: object; items?: object };
  if (properties === undefined) return items === undefined ? [] : membersOf(items);
  return Object.entries(properties).flatMap(([name, member]: [string, object]) => [
    { path: name, described: Object.hasOwn(member, "description") },
    ...membersOf(member).map((inner) => ({ ...inner, path: `${name}.${inner.path}` })),
  ]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
