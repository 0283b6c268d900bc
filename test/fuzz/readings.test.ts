/** Whatever comes in at the door goes through: read, recorded, queued and told on without a crash, within its bounds. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeIn } from "../../src/ingest/intake.ts";
import { keptHeaders, keptItems, keptQuery, rejectedId } from "../../src/ingest/rejected/kept.ts";
import { sendBatches, unconfirmedItems } from "../../src/message/fanout.ts";
import { addUpdates, emptyLedger, viewMessage } from "../../src/message/ledger.ts";
import { fanOutItemSchema } from "../../src/model/fanout.ts";
import { jsonBytes } from "../../src/model/json.ts";
import { messageSchema } from "../../src/model/message.ts";
import type { RecordRequest } from "../../src/model/record.ts";
import { providers } from "../../src/providers/index.ts";
import type { Provider, Webhook } from "../../src/providers/provider.ts";
import type { AuthEntry } from "../../src/providers/scheme.ts";
import { findScheme, generalSchemes } from "../../src/providers/schemes.ts";
import { dialects } from "../../src/subscriptions/dialects/index.ts";
import { parseImport } from "../../src/subscriptions/scenarios/parse.ts";
import { scenarioDialect } from "../../src/subscriptions/scenarios/render.ts";
import { casesOf } from "../support/fixtures.ts";
import { fuzzing, share, timed } from "../support/fuzz.ts";
import { webhooksOf } from "../support/fuzzBodies.ts";
import { faultsOf } from "../support/readings.ts";
import { anImport } from "../support/scenarios.ts";

/** A queue takes messages of 128 KB. */
const queueItemBytesMax = 128_000;
const receivedAt = "2026-11-21T10:00:00.000Z";

const cases = Math.ceil(share(44) / providers.length);
const signings = Math.ceil(share(6) / providers.length);
const imported = parseImport(anImport());
if (!imported.ok) throw new Error("the documented import is refused");
const scenario = scenarioDialect(imported.value.scenario);

describe.each(providers)("$name", (provider) => {
  const fixtures = casesOf(provider.name);

  test(`reads, records and tells on ${cases} changed webhooks`, async () => {
    await fc.assert(
      fc.asyncProperty(webhooksOf(fixtures), async (webhook) => {
        await timed(async () => passThrough(provider, webhook));
      }),
      fuzzing(cases),
    );
  });

  test(`lets none of ${signings} forged webhooks in`, async () => {
    const entries = entriesOf(provider);
    await fc.assert(
      fc.asyncProperty(webhooksOf(fixtures), async (webhook) => {
        await timed(async () => {
          for (const entry of entries) {
            const verdict = await findScheme(provider, entry.type)?.verify(webhook, entry, Date.now());
            expect(verdict).not.toBe("verified");
          }
          const answer = provider.handshake?.({ ...webhook, method: "GET" }, entries);
          expect(typeof answer).toMatch(/object|undefined/);
        });
      }),
      fuzzing(signings),
    );
  });
});

async function passThrough(provider: Provider, webhook: Webhook): Promise<void> {
  expect(faultsOf(provider.read(webhook))).toEqual([]);
  const intake = await takeIn("a-source", provider, webhook, async (requests) => {
    for (const request of requests) record(request);
    return { recorded: requests.length, repeated: 0, overflowed: 0 };
  });
  if (intake.kind === "ignored" || intake.fault === null) return;
  const { fault } = intake;
  keptItems(fault.bad);
  keptHeaders(webhook.headers, provider, [provider.defaultAuth]);
  keptQuery(webhook.url, provider, [provider.defaultAuth]);
  expect(await rejectedId("a-source", webhook)).toMatch(/^rej_[0-9a-f]{32}$/);
  expect(JSON.stringify(fault.issues).length).toBeLessThan(600_000);
}

/** As the message's object does, and then the queue, the tables and the subscriptions. */
function record(request: RecordRequest): void {
  const { ledger } = addUpdates(emptyLedger, structuredClone(request), receivedAt);
  const message = viewMessage(ledger);
  if (message === null) throw new Error("recorded, and nothing to see");
  messageSchema.parse(asSent(message));
  const items = unconfirmedItems(ledger, { mark: 0, beyond: new Set() });
  expect(items).toHaveLength(ledger.entries.length);
  for (const batch of sendBatches(items)) {
    for (const item of batch) {
      expect(jsonBytes(item)).toBeLessThan(queueItemBytesMax);
      const { event } = fanOutItemSchema.parse(asSent(item));
      for (const dialect of [...Object.values(dialects), scenario]) {
        const rendering = dialect.render(event);
        if (rendering?.body) expect(rendering.body.isWellFormed()).toBe(true);
      }
    }
  }
}

function asSent(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Every scheme that the provider's sources can have, with secrets that no fuzzer guesses. */
function entriesOf(provider: Provider): AuthEntry[] {
  const secret = "0123456789abcdef0123456789abcdef";
  const types = [...generalSchemes.keys(), ...Object.keys(provider.schemes ?? {})];
  const settings = { header: "X-Sig", name: "X-API-Key", encoding: "hex", username: "u", issuer: "i" };
  return [...provider.defaultAuth, ...types.map((type) => ({ type, ...settings }))].map((entry) => ({
    ...Object.fromEntries((findScheme(provider, entry.type)?.secrets ?? []).map((name) => [name, secret])),
    ...entry,
  }));
}
