import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { anything, answerOf, ask, newKey, newSource } from "../../support/api.ts";
import { receivers } from "../../support/receiver.ts";
import { anImport, documentedImport } from "../../support/scenarios.ts";

const scenarios = "/server/api/v2/scenarios";
const importPath = `${scenarios}/manage/import`;
const scenarioSchema = z.looseObject({ _id: z.string(), status: z.string(), data: z.unknown() });
const importedSchema = scenarioSchema.extend({ signingSecret: z.string().regex(/^whsec_/) });
const listSchema = z.object({ data: z.array(scenarioSchema), nextCursor: z.string().nullable() });
const problemSchema = z.looseObject({ errors: z.array(z.object({ path: z.string() })) });

beforeEach(() => {
  receivers();
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function imported(edits: Parameters<typeof anImport>[0] = {}, key?: string) {
  const response = await ask("POST", importPath, {
    body: anImport(edits),
    ...(key !== undefined && { key }),
  });
  return answerOf(response, 201, importedSchema);
}

async function statusOf(id: string): Promise<string> {
  return (await answerOf(await ask("GET", `${scenarios}/${id}`), 200, scenarioSchema)).status;
}

async function idsListed(path: string, key?: string): Promise<string[]> {
  const page = await answerOf(await ask("GET", path, key === undefined ? {} : { key }), 200, listSchema);
  return page.data.map((scenario) => scenario._id);
}

describe("the import", () => {
  it("takes the documented body with its URL filled in, and answers with the scenario", async () => {
    const scenario = await imported();
    expect(scenario).toMatchObject({
      name: "(SUB) Messages Status Changed",
      status: "active",
      data: anImport()["data"],
      authorUid: null,
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      modified: scenario["created"],
    });
  });

  it("shows the signing secret once, and no header's value", async () => {
    const { _id } = await imported({ "data.actions[0].params.headers": { Authorization: "Bearer s3cret" } });
    for (const path of [`${scenarios}/${_id}`, scenarios, `/v1/subscriptions/${_id}`]) {
      const text = await (await ask("GET", path)).text();
      expect(text).toContain(_id);
      expect(text).not.toMatch(/whsec_|s3cret/);
    }
    const shown = await answerOf(await ask("GET", `${scenarios}/${_id}`), 200, scenarioSchema);
    expect(shown.data).toMatchObject({ actions: [{ params: { headers: { Authorization: "…" } } }] });
  });

  it("keeps asStatus", async () => {
    expect((await imported({ asStatus: "inactive" })).status).toBe("inactive");
    expect((await imported({ asStatus: "draft" })).status).toBe("draft");
  });

  it("refuses a URL that was not filled in, at its path", async () => {
    const problem = await answerOf(
      await ask("POST", importPath, { body: documentedImport }),
      422,
      problemSchema,
    );
    expect(problem.errors.map((error) => error.path)).toEqual(["data.actions[0].params.url"]);
  });

  it.each([
    "https://10.0.0.1/",
    "http://receiver.example/",
    "https://localhost/",
    "https://u:p@receiver.example/",
  ])("refuses a URL that must not be called: %s", async (url) => {
    const body = anImport({ "data.actions[0].params.url": url });
    const problem = await answerOf(await ask("POST", importPath, { body }), 422, problemSchema);
    expect(problem.errors.map((error) => error.path)).toEqual(["data.actions[0].params.url"]);
  });

  it("is 400 for what is not JSON, and 422 for what is no import body", async () => {
    expect((await ask("POST", importPath, { body: "{not json" })).status).toBe(400);
    expect((await ask("POST", importPath, { body: [] })).status).toBe(422);
    expect((await ask("POST", importPath, { body: "null" })).status).toBe(422);
  });

  it("is made once under one Idempotency-Key", async () => {
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const first = await answerOf(
      await ask("POST", importPath, { body: anImport(), headers }),
      201,
      importedSchema,
    );
    const again = await answerOf(
      await ask("POST", importPath, { body: anImport(), headers }),
      201,
      importedSchema,
    );
    expect(again._id).toBe(first._id);
  });
});

describe("who may", () => {
  it("import and change: subscriptions:write; read: subscriptions:read; others nothing", async () => {
    const { _id } = await imported();
    const reader = await newKey(["subscriptions:read"]);
    const stranger = await newKey(["messages:read"]);
    const calls: [string, string, unknown?][] = [
      ["POST", importPath, anImport()],
      ["POST", `${scenarios}/${_id}/inactivate`],
      ["DELETE", `${scenarios}/${_id}`],
    ];
    for (const [method, path, body] of calls) {
      const answers = [
        await ask(method, path, { key: reader.key, body }),
        await ask(method, path, { key: null, body }),
      ];
      expect([path, ...answers.map((answer) => answer.status)]).toEqual([path, 403, 401]);
    }
    for (const path of [scenarios, `${scenarios}/${_id}`]) {
      expect((await ask("GET", path, { key: reader.key })).status).toBe(200);
      expect((await ask("GET", path, { key: stranger.key })).status).toBe(403);
    }
  });

  it("name an author: subscriptions:impersonate", async () => {
    const writer = await newKey(["subscriptions:write"]);
    const impersonator = await newKey(["subscriptions:write", "subscriptions:impersonate"]);
    const body = anImport({ authorUid: "texter-user-1" });
    expect((await ask("POST", importPath, { key: writer.key, body })).status).toBe(403);
    expect(await imported({ authorUid: "texter-user-1" }, impersonator.key)).toMatchObject({
      authorUid: "texter-user-1",
    });
    expect((await imported({}, writer.key)).status).toBe("active");
  });

  it("see it: a key bound to other sources does not", async () => {
    const [mine, other] = await Promise.all([newSource(), newSource()]);
    const owner = await newKey(["subscriptions:write"], [mine.id]);
    const stranger = await newKey(["subscriptions:write"], [other.id]);
    const { _id } = await imported({}, owner.key);
    expect(await idsListed(scenarios, owner.key)).toEqual([_id]);
    expect(await idsListed(scenarios, stranger.key)).toEqual([]);
    for (const [method, path] of [
      ["GET", `${scenarios}/${_id}`],
      ["POST", `${scenarios}/${_id}/activate`],
      ["POST", `${scenarios}/${_id}/inactivate`],
      ["DELETE", `${scenarios}/${_id}`],
    ] as const) {
      expect((await ask(method, path, { key: stranger.key })).status, `${method} ${path}`).toBe(404);
    }
    expect(await statusOf(_id)).toBe("active");
  });
});

describe("a scenario's life", () => {
  it("appears under /v1/subscriptions like any other, for Texter's statuses of every effect", async () => {
    const { _id } = await imported();
    const subscription = await answerOf(await ask("GET", `/v1/subscriptions/${_id}`), 200, anything);
    expect(subscription).toMatchObject({ id: _id, format: "texter", scenario: _id, status: "active" });
    expect(subscription["filter"]).toMatchObject({
      effects: [],
      statuses: expect.not.arrayContaining(["deleted"]),
    });
  });

  it("is a draft until it is activated or inactivated", async () => {
    const { _id } = await imported({ asStatus: "draft" });
    const { status } = await answerOf(
      await ask("POST", `${scenarios}/${_id}/inactivate`),
      200,
      scenarioSchema,
    );
    expect([status, await statusOf(_id)]).toEqual(["inactive", "inactive"]);
  });

  it("is inactivated and activated again", async () => {
    const { _id } = await imported({ asStatus: "draft" });
    for (const [step, status] of [
      ["activate", "active"],
      ["inactivate", "inactive"],
      ["inactivate", "inactive"],
      ["activate", "active"],
    ] as const) {
      const answer = await answerOf(await ask("POST", `${scenarios}/${_id}/${step}`), 200, scenarioSchema);
      expect([answer._id, answer.status, await statusOf(_id)]).toEqual([_id, status, status]);
    }
  });

  it("follows what is done to it as a subscription", async () => {
    const { _id } = await imported();
    const body = { status: "inactive" };
    await answerOf(await ask("PATCH", `/v1/subscriptions/${_id}`, { body }), 200, anything);
    expect(await statusOf(_id)).toBe("inactive");
    expect((await ask("DELETE", `/v1/subscriptions/${_id}`)).status).toBe(204);
    expect((await ask("GET", `${scenarios}/${_id}`)).status).toBe(404);
  });

  it("is deleted", async () => {
    const { _id } = await imported();
    expect((await ask("DELETE", `${scenarios}/${_id}`)).status).toBe(204);
    for (const path of [`${scenarios}/${_id}`, `/v1/subscriptions/${_id}`]) {
      expect((await ask("GET", path)).status).toBe(404);
    }
    expect((await ask("DELETE", `${scenarios}/${_id}`)).status).toBe(404);
  });

  it("is listed in pages, without the subscriptions that are none", async () => {
    const key = (await newKey(["subscriptions:write"])).key;
    const made = [await imported({}, key), await imported({}, key), await imported({}, key)].map(
      ({ _id }) => _id,
    );
    const body = { url: "https://receiver.example/plain" };
    const plain = await answerOf(
      await ask("POST", "/v1/subscriptions", { body, key }),
      201,
      z.looseObject({ id: z.string() }),
    );
    const listed: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: z.output<typeof listSchema> = await answerOf(
        await ask("GET", `${scenarios}?limit=2&cursor=${cursor}`),
        200,
        listSchema,
      );
      expect(page.data.length).toBeLessThanOrEqual(2);
      listed.push(...page.data.map(({ _id }) => _id));
      cursor = page.nextCursor;
    }
    expect(listed).toEqual(expect.arrayContaining(made));
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).not.toContain(plain.id);
    expect((await ask("GET", `${scenarios}/${plain.id}`)).status).toBe(404);
    expect((await ask("GET", `${scenarios}?limit=0`)).status).toBe(422);
  });
});
