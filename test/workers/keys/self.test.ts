/** What a key is told of itself. */
import { expect, test } from "vitest";
import * as z from "zod";
import { answerOf, ask } from "../../support/api.ts";

const selfSchema = z.strictObject({
  keyId: z.string(),
  scopes: z.array(z.string()),
  sources: z.array(z.string()).nullable(),
  expiresAt: z.iso.datetime({ precision: 3 }).nullable(),
});

test("the root key has every scope, all sources and no end", async () => {
  const self = await answerOf(await ask("GET", "/v1/me"), 200, selfSchema);
  expect(self).toMatchObject({ keyId: "root", sources: null, expiresAt: null });
  expect(self.scopes).toContain("messages:erase");
});

test("any key may ask, and is told what it may do and until when", async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const body = { name: "Self", scopes: ["feed:read"], sources: ["acme"], expiresAt };
  const made = await answerOf(
    await ask("POST", "/v1/keys", { body }),
    201,
    z.looseObject({ id: z.string(), key: z.string() }),
  );
  const self = await answerOf(await ask("GET", "/v1/me", { key: made.key }), 200, selfSchema);
  expect(self).toEqual({ keyId: made.id, scopes: ["feed:read"], sources: ["acme"], expiresAt });
});

test("without a key there is nothing to be told", async () => {
  expect((await ask("GET", "/v1/me", { key: null })).status).toBe(401);
});
