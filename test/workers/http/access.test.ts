/// <reference types="vite/types/importMeta.d.ts" />
import { beforeAll, describe, expect, test } from "vitest";
import { holdsScope, scopes } from "../../../src/model/access.ts";
import { ask, newKey } from "../../support/api.ts";
import { receivers } from "../../support/receiver.ts";
import { rows, type Scene, setScene } from "./accessTable.ts";

const withScope = new Map<string, string>();
const foreign = new Map<string, string>();
const nothing: Scene = {
  source: "no-such-source",
  message: "-",
  group: "-",
  recipient: "-",
  rejected: "-",
  keyId: "-",
  subscription: "-",
  scenario: "-",
};
/** For whatever is not reached, so not changed. */
let untouched: Scene;

beforeAll(async () => {
  receivers();
  for (const scope of scopes) {
    withScope.set(scope, (await newKey([scope])).key);
    foreign.set(scope, (await newKey([scope], ["another-source"])).key);
  }
  untouched = await setScene();
});

describe.each(rows)("$method $path", ({ method, scope, request, allowed, foreign: expected }) => {
  test("is 401 without a key, with a wrong one, and with two different ones", async () => {
    const { path, body } = request(untouched);
    const good = withScope.get(scope ?? "messages:read") ?? "";
    const answers = [
      await ask(method, path, { key: null, body }),
      await ask(method, path, { key: "tk_wrong", body }),
      await ask(method, path, { key: null, headers: { Authorization: `Basic ${good}` }, body }),
      await ask(method, path, { key: good, headers: { "X-API-Key": foreign.get("feed:read") ?? "" }, body }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  test.each(scopes)("with the scope %s alone", async (held) => {
    const may = scope === null || holdsScope({ scopes: [held] }, scope);
    const { path, body } = request(may ? await setScene() : untouched);
    const status = async () => (await ask(method, path, { key: withScope.get(held) ?? "", body })).status;
    // Lists and groups learn of a message a moment after its webhook was answered.
    if (may && method === "GET") await expect.poll(status).toBe(allowed);
    else expect(await status()).toBe(may ? allowed : 403);
    if (!may) {
      // Neither whether the thing exists, nor what it is.
      const unknown = request(nothing);
      const other = await ask(method, unknown.path, { key: withScope.get(held) ?? "", body: unknown.body });
      expect(other.status).toBe(403);
    }
  });

  test("for a key that is bound to another source", async () => {
    const { path, body } = request(untouched);
    const response = await ask(method, path, { key: foreign.get(scope ?? "messages:read") ?? "", body });
    expect(response.status).toBe(expected === "hidden" ? allowed : expected);
    expect(await response.text()).not.toContain(untouched.source);
  });
});

test("every endpoint is in the table", () => {
  const files = import.meta.glob<string>("../../../src/**/route.ts", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const endpoints = Object.values(files).flatMap((text) =>
    [...text.matchAll(/outes\.(get|post|put|patch|delete)\(\s*"([^"]+)"/g)].map(
      ([, method = "", path = ""]) => `${method.toUpperCase()} ${path.replaceAll(/:\w+/g, "*")}`,
    ),
  );
  const prefix = /^\/(v1|server\/api\/v2)/;
  const listed = rows.map(
    (row) => `${row.method} ${row.path.replace(prefix, "").replaceAll(/\{\w+\}/g, "*")}`,
  );
  expect(endpoints.length).toBeGreaterThan(40);
  expect(endpoints.filter((endpoint) => !listed.includes(endpoint))).toEqual([]);
});
