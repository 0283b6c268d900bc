/// <reference types="vite/types/importMeta.d.ts" />
/** Webhooks as no provider should send them, through the edge door: each is answered by the table, and what is answered 200 is there. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { messageObjectName } from "../../../src/model/record.ts";
import { providers } from "../../../src/providers/index.ts";
import type { Webhook } from "../../../src/providers/provider.ts";
import { type ProviderCase, readCases } from "../../support/fixtures.ts";
import { callbellToken, storeSource } from "../../support/sources.ts";
import { fuzzing, share, timed } from "../../support/fuzz.ts";
import { webhooksOf } from "../../support/fuzzBodies.ts";
import { send } from "../../support/webhooks.ts";

const webhooks = share(6);
const files = import.meta.glob("../../fixtures/*/*.json", { eager: true, import: "default" });
const webhook = fc.oneof(
  ...providers.map((provider) => webhooksOf(casesOf(provider.name)).map((sent) => ({ provider, sent }))),
);

beforeAll(async () => {
  for (const { name } of providers) {
    await storeSource(`door-${name}`, { provider: name, authSets: [[callbellToken]] });
  }
});

test(`${webhooks} odd webhooks are answered by the door's table`, { timeout: 20 * 60_000 }, async () => {
  const complained = vi.spyOn(console, "error");
  await fc.assert(
    fc.asyncProperty(webhook, async ({ provider, sent }) => {
      complained.mockClear();
      const source = `door-${provider.name}`;
      const request = requestOf(source, sent);
      if (request === null) return;
      await timed(async () => {
        const response = await send(request);
        const answer = await response.text();
        const said = `${answer}\n${complained.mock.calls.join("\n")}`;
        expect([200, 403, 405, 422], said).toContain(response.status);
        const isRead = sent.method === "POST" || provider.readsGet === true;
        if (response.status !== 200 || !isRead) return;
        const reading = provider.read(sent);
        if (reading.kind !== "updates") return;
        for (const { messageId } of reading.updates.slice(0, 3)) {
          const message = await env.MESSAGE.getByName(messageObjectName(source, messageId)).read();
          expect(message?.version).toBeGreaterThan(0);
        }
      });
    }),
    fuzzing(webhooks),
  );
});

function casesOf(provider: string): ProviderCase[] {
  return Object.entries(files).flatMap(([path, file]) =>
    path.includes(`/fixtures/${provider}/`) ? readCases(file) : [],
  );
}

/** Null: not even a client can send it. */
function requestOf(source: string, sent: Webhook): Parameters<typeof send>[0] | null {
  const { search } = new URL(sent.url);
  try {
    const headers = new Headers([...sent.headers]);
    const body = sent.method === "GET" ? null : Uint8Array.from(sent.body);
    return { path: `/in/${source}/right-callbell-token${search}`, method: sent.method, headers, body };
  } catch {
    return null;
  }
}
