/** Keys that are changed between the headers and the body of a request about keys. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ask, askInTwo, newKey } from "../../support/api.ts";

const requests = [
  ["POST", "/v1/keys", { name: "late", scopes: ["feed:read"] }],
  ["PATCH", "/v1/keys/:other", { scopes: ["feed:read", "messages:read"] }],
  ["POST", "/v1/keys/:other/rotate", { overlapSeconds: 0 }],
] as const;

const changes = [
  ["deleted", "DELETE FROM keys WHERE id = ?", 401],
  ["without its scope", `UPDATE keys SET scopes = '["feed:read"]' WHERE id = ?`, 403],
] as const;

const cases = requests.flatMap((request) => changes.map((change) => [...request, ...change] as const));

test.each(cases)("%s %s %j by a key that is %s meanwhile changes nothing", async (...parts) => {
  const [method, path, body, , change, status] = parts;
  const asker = await newKey(["keys:write", "feed:read", "messages:read"]);
  const other = await newKey(["feed:read"]);
  const before = await (await ask("GET", "/v1/keys?limit=200")).json<{ data: { id: string }[] }>();
  const sendBody = await askInTwo(method, path.replace(":other", other.id), asker);
  await env.DB.prepare(change).bind(asker.id).run();
  expect((await sendBody(body)).status).toBe(status);
  const after = await (await ask("GET", "/v1/keys?limit=200")).json<{ data: { id: string }[] }>();
  const others = ({ data }: typeof before) => data.filter(({ id }) => id !== asker.id);
  expect(others(after)).toEqual(others(before));
  expect((await ask("GET", "/v1/me", { key: other.key })).status).toBe(200);
});
