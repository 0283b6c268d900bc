import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Json, type JsonObject, jsonSchema } from "../../../../src/model/json.ts";
import * as limits from "../../../../src/model/limits.ts";
import { parseImport } from "../../../../src/subscriptions/scenarios/parse.ts";
import { anImport, documentedImport } from "../../../support/scenarios.ts";

const params = "data.actions[0].params";

function pathsOf(body: Json): string[] {
  const parsed = parseImport(body);
  if (parsed.ok) return [];
  return parsed.failure.kind === "invalid"
    ? parsed.failure.issues.map((issue) => issue.path)
    : [parsed.failure.kind];
}

function compare(how: JsonObject): JsonObject {
  return { name: "compare", params: how, confidentialData: false };
}

const status = { "##provide": { provider: "messageStatusRequest", key: "status" } };

describe("the documented import body", () => {
  it("is accepted with the URL filled in and nothing else changed", () => {
    const parsed = parseImport(anImport());
    expect(parsed).toMatchObject({
      ok: true,
      value: { asStatus: "active", authorUid: null, scenario: { name: "(SUB) Messages Status Changed" } },
    });
    expect(parsed.ok && parsed.value.data).toEqual(anImport()["data"]);
  });

  it("is refused at the URL while that is not filled in", () => {
    expect(pathsOf(documentedImport)).toEqual([`${params}.url`]);
  });
});

describe("what is accepted", () => {
  it.each<[string, Record<string, Json | undefined>]>([
    ["another status", { asStatus: "inactive" }],
    ["a draft", { asStatus: "draft" }],
    ["an author", { authorUid: "user-1" }],
    [
      "no loaders, conditions, options or description",
      {
        "data.loaders": undefined,
        "data.conditions": undefined,
        "data.options": undefined,
        "data.description": undefined,
        [`${params}.data.eventData.chat`]: undefined,
      },
    ],
    ["empty loaders", { "data.loaders": {}, [`${params}.data.eventData.chat`]: null }],
    [
      "a loader after the conditions",
      {
        "data.loaders": {
          afterConditions: [{ name: "chat", alias: "chat", params: {}, confidentialData: true }],
        },
      },
    ],
    [
      "another alias",
      {
        "data.loaders": { beforeConditions: [{ name: "chat", alias: "the_chat" }] },
        [`${params}.data.eventData.chat`]: "%the_chat:chat%",
      },
    ],
    [
      "alternatives of conditions",
      {
        "data.conditions": [
          [compare({ comparison: "Equal", value: status, compareTo: 4 })],
          [compare({ comparison: "Equal", value: status, compareTo: 5 })],
        ],
      },
    ],
    [
      "all that a request may have",
      {
        [`${params}.method`]: "PUT",
        [`${params}.headers`]: {
          Authorization: "Bearer s3cret",
          "X-Status": "%messageStatusRequest:status%",
        },
        [`${params}.query`]: { id: "%messageStatusRequest:ids%", fixed: 1 },
        [`${params}.timeouts`]: { response: 5_000, request: 30_000 },
        [`${params}.rejectUnauthorized`]: true,
      },
    ],
    [
      "placeholders in path and query",
      { [`${params}.url`]: "https://a.example/%messageStatusRequest:status%?c=%chat:chat%" },
    ],
    ["one timeout for all", { [`${params}.timeouts`]: 10_000 }],
    ["a JSON content type", { [`${params}.headers`]: { "content-type": "application/json; charset=utf-8" } }],
    ["percent signs that are no placeholders", { [`${params}.data.discount`]: "100% off, 50 %: now" }],
  ])("%s", (_, edits) => {
    expect(pathsOf(anImport(edits))).toEqual([]);
  });
});

describe("what is refused, at its path", () => {
  it.each<[string, Json | undefined, string?]>([
    ["asStatus", "enabled"],
    ["asStatus", undefined],
    ["authorUid", 7],
    ["data", []],
    ["data.version", "v2"],
    ["data.name", ""],
    ["data.triggerEvents", []],
    ["data.triggerEvents[0]", "domain.message.created"],
    ["data.loops", []],
    ["data.loaders.beforeConditions[0].name", "environment"],
    ["data.loaders.beforeConditions[0].alias", "messageStatusRequest"],
    ["data.loaders.beforeConditions[0].params.other", 1],
    ["data.loaders.beforeConditions[0].params.name", "%messageStatusRequest:nothing%"],
    ["data.loaders.beforeConditions[0].params.name", "%chat:chat%"],
    ["data.conditions[0]", [{ name: "filtrex", params: { expression: "1" } }], "data.conditions[0][0].name"],
    [
      "data.conditions[0]",
      [compare({ comparison: "Matches", value: 1, compareTo: 1 })],
      "data.conditions[0][0].params.comparison",
    ],
    [
      "data.conditions[0]",
      [compare({ comparison: "Equal", value: 1 })],
      "data.conditions[0][0].params.compareTo",
    ],
    [
      "data.conditions[0]",
      [compare({ comparison: "Equal", value: "%x:y%", compareTo: 1 })],
      "data.conditions[0][0].params.value",
    ],
    ["data.actions", []],
    ["data.actions[1]", { name: "request", params: { url: "https://b.example/" } }, "data.actions"],
    ["data.actions[0].name", "runBot"],
    [`${params}.script`, "1"],
    [`${params}.url`, "not a URL"],
    [`${params}.url`, "ftp://a.example/"],
    [`${params}.url`, "%chat:chat%"],
    [`${params}.url`, "%messageStatusRequest:status%://a.example/"],
    [`${params}.url`, "https://%messageStatusRequest:status%.example/"],
    [`${params}.url`, "https://a.example%messageStatusRequest:status%/"],
    [`${params}.url`, "https://a.example:8%messageStatusRequest:status%/"],
    [`${params}.url`, "https://u%messageStatusRequest:status%@a.example/"],
    [`${params}.url`, "https://u:p%messageStatusRequest:status%@a.example/"],
    [`${params}.url`, "https://a.example\\%messageStatusRequest:status%"],
    [`${params}.url`, "https://a.example/\n%messageStatusRequest:status%"],
    [`${params}.url`, "https://a.example/%messageStatusRequest:constructor%"],
    [`${params}.method`, "CONNECT"],
    [`${params}.method`, "get", `${params}.data`],
    [`${params}.json`, "yes"],
    [`${params}.headers`, { "X-A": "a\r\nX-B: b" }, `${params}.headers.X-A`],
    [`${params}.headers`, { "X-A": "a", "x-a": "b" }],
    [`${params}.headers`, Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`X-${index}`, "a"]))],
    [`${params}.headers`, { "X A": "a" }, `${params}.headers.X A`],
    [`${params}.headers`, { "%chat:chat%": "a" }, `${params}.headers.%chat:chat%`],
    [`${params}.headers`, { Host: "b.example" }, `${params}.headers.Host`],
    [`${params}.headers`, { "webhook-id": "1" }, `${params}.headers.webhook-id`],
    [`${params}.headers`, { "Content-Length": "1" }, `${params}.headers.Content-Length`],
    [`${params}.headers`, { "Content-Type": "text/html" }, `${params}.headers.Content-Type`],
    [`${params}.headers`, { Authorization: "%secrets:key%" }, `${params}.headers.Authorization`],
    [`${params}.query`, { a: { "##provide": { provider: "chat", key: "_id" } } }, `${params}.query.a`],
    [`${params}.rejectUnauthorized`, false],
    [`${params}.timeouts`, 30_001, `${params}.timeouts`],
    [`${params}.timeouts`, 0, `${params}.timeouts`],
    [`${params}.timeouts`, { response: 30_001 }, `${params}.timeouts.response`],
    [`${params}.timeouts`, { response: 0 }, `${params}.timeouts.response`],
    [`${params}.data.a`, { "##provide": { provider: "chat" } }],
    [`${params}.data.a`, { "##provide": { provider: "chat", key: "chat" }, b: 1 }],
    [`${params}.data.a`, { "##run": "process.exit()" }],
    [`${params}.data.a`, "before %chat:__proto__% after"],
    [`${params}.data.a`, "%constructor:name%"],
    [`${params}.data.a`, ["{{word1}}"], `${params}.data.a[0]`],
    [`${params}.data.a`, { "{{key}}": 1 }, `${params}.data.a.{{key}}`],
  ])("%s: %j", (path, value, at = path) => {
    expect(pathsOf(anImport({ [path]: value }))).toContain(at);
  });

  it("a body that is not a form where json is not true", () => {
    expect(pathsOf(anImport({ [`${params}.json`]: undefined, [`${params}.data`]: "text" }))).toEqual([
      `${params}.data`,
    ]);
  });

  it("the later loaders' aliases in the conditions", () => {
    const edits = {
      "data.loaders": { afterConditions: [{ name: "chat", alias: "chat" }] },
      "data.conditions": [[compare({ comparison: "NotEqual", value: "%chat:chat%", compareTo: null })]],
    };
    expect(pathsOf(anImport(edits))).toEqual(["data.conditions[0][0].params.value"]);
  });
});

describe("the bounds", () => {
  it("depth", () => {
    const nested = (levels: number): Json => (levels === 0 ? 1 : { a: nested(levels - 1) });
    // data, actions, 0, params, data: five levels stand above it.
    const allowed = limits.scenarioDepthMax - 5;
    expect(pathsOf(anImport({ [`${params}.data`]: nested(allowed) }))).toEqual([]);
    expect(pathsOf(anImport({ [`${params}.data`]: nested(allowed + 1) }))).toEqual([
      `${params}.data${".a".repeat(allowed + 1)}`,
    ]);
    const deepest: Json = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`);
    expect(parseImport(deepest).ok).toBe(false);
  });

  it("values", () => {
    expect(
      pathsOf(anImport({ [`${params}.data`]: Array.from({ length: limits.scenarioNodesMax }, () => 1) })),
    ).toEqual([""]);
  });

  it("placeholders", () => {
    const data = Array.from(
      { length: limits.scenarioPlaceholdersMax - 3 },
      () => "%messageStatusRequest:ids%",
    );
    expect(pathsOf(anImport({ [`${params}.data`]: data }))).toEqual([]);
    expect(pathsOf(anImport({ [`${params}.data`]: [...data, "%messageStatusRequest:ids%"] }))).toEqual([
      "data",
    ]);
  });
});

it("never throws, whatever is imported", () => {
  const paths = ["asStatus", "authorUid", "data", "data.version", "data.loaders", "data.conditions", "data.actions",
    "data.actions[0]", params, `${params}.url`, `${params}.method`, `${params}.headers`, `${params}.query`,
    `${params}.data`, `${params}.timeouts`, "data.loaders.beforeConditions[0].params"]; // prettier-ignore
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      "\ud800",
      "{{",
      "%:%",
      "%a:b",
      "https://[::1",
      { "##provide": null },
      { __proto__: null },
      [[[]]],
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths), odd, odd, (path, value, whole) => {
      const json: Json = JSON.parse(JSON.stringify(value));
      expect(typeof parseImport(anImport({ [path]: json })).ok).toBe("boolean");
      expect(parseImport(jsonSchema.parse(JSON.parse(JSON.stringify(whole)))).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});
