/** What every provider keeps, whatever it is sent. Runs over the registry and `test/fixtures/<provider>/`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addUpdates, emptyLedger } from "../../src/message/ledger.ts";
import { type Folded, foldMessage } from "../../src/message/reducer.ts";
import { identify } from "../../src/model/identity.ts";
import { type Json, jsonSchema } from "../../src/model/json.ts";
import type { IdentifiedUpdate } from "../../src/model/update.ts";
import { providers } from "../../src/providers/index.ts";
import type { Provider, Webhook } from "../../src/providers/provider.ts";
import { findScheme } from "../../src/providers/schemes.ts";
import { casesOf, type ProviderCase, webhookOf, webhookWith } from "../support/fixtures.ts";
import { badBodies, oddValues, pathsOf, replaced } from "../support/mutations.ts";
import { faultsOf, summaryOf } from "../support/readings.ts";

describe("the registry", () => {
  it("has each name once, in lower-case letters and digits", () => {
    const names = providers.map((provider) => provider.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9]+$/.test(name))).toEqual([]);
  });
});

describe.each(providers)("$name", (provider) => {
  const cases = casesOf(provider.name);
  const jsonCases = cases.flatMap(({ name, request }) =>
    request.json === undefined ? [] : [{ name, request, json: request.json }],
  );

  it("tells people how to connect it", () => {
    expect(provider.title).not.toBe("");
    expect(provider.setup.length).toBeGreaterThan(40);
    const page = join(import.meta.dirname, `../../docs/providers/${provider.name}.md`);
    expect(readFileSync(page, "utf8")).toMatch(/\*\*Checked\*\*/);
  });

  it("has a default auth of known schemes, complete but for what only the vendor can issue", () => {
    expect(provider.defaultAuth.length).toBeGreaterThan(0);
    for (const entry of provider.defaultAuth) {
      const scheme = findScheme(provider, entry.type);
      const missing = scheme?.entry.safeParse(entry).error?.issues.map((issue) => issue.path.join(".")) ?? [];
      expect(scheme).not.toBeNull();
      expect(scheme?.secrets).toEqual(expect.arrayContaining(missing));
    }
  });

  it("has fixtures, each with a name of its own", () => {
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length);
    const kinds = new Set(cases.map((one) => one.reading.kind));
    expect(kinds).toContain("updates");
    expect(kinds).toContain("ignored");
  });

  it.each(cases)("reads: $name", (one) => {
    const reading = provider.read(webhookOf(one));
    expect(faultsOf(reading)).toEqual([]);
    expect(summaryOf(reading)).toMatchObject(one.reading);
  });

  it("gives different events different ids, and the same event the same", async () => {
    const owners = new Map<string, string>();
    const originals = cases.filter((one) => one.repeats === undefined);
    const repeats = cases.filter((one) => one.repeats !== undefined);
    for (const one of [...originals, ...repeats]) {
      const ids = await idsOf(provider, one);
      expect(await idsOf(provider, one), `${one.name}, again`).toEqual(ids);
      for (const id of ids) {
        const owner = owners.get(id);
        expect(owner, `${one.name} has the id of ${owner}`).toBe(one.repeats);
        if (owner === undefined) owners.set(id, one.name);
      }
    }
  });

  it("gives one message for its fixtures in every order", async () => {
    const originals = cases.filter((one) => one.repeats === undefined);
    const updates = (await Promise.all(originals.map((one) => updatesOf(provider, one)))).flat();
    for (const ofMessage of Map.groupBy(updates, (update) => update.messageId).values()) {
      const expected = foldOf(provider, ofMessage);
      const anyOrder = fc.shuffledSubarray(ofMessage, { minLength: ofMessage.length });
      fc.assert(
        fc.property(anyOrder, (shuffled) => {
          expect(foldOf(provider, shuffled)).toEqual(expected);
        }),
        { numRuns: 20 },
      );
    }
  });

  it.each(badBodies())("survives %s", (_, body) => {
    const reading = provider.read(webhookWith(body));
    expect(faultsOf(reading)).toEqual([]);
    expect(reading).not.toHaveProperty("updates.0");
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
        expect(faultsOf(provider.read(webhookWith(body)))).toEqual([]);
      }),
    );
  });

  it("survives every field missing or odd", () => {
    const seen = new Set<string>();
    for (const { name, request, json } of jsonCases) {
      for (const path of pathsOf(json)) {
        // Once for each field, in the first fixture that has it.
        const field = path.filter((step) => typeof step === "string").join(".");
        if (seen.has(field)) continue;
        seen.add(field);
        for (const value of [undefined, ...oddValues]) {
          const webhook = webhookOf({ request: { ...request, json: replaced(json, path, value) } });
          expect(faultsOf(provider.read(webhook)), `${name}: ${path.join(".")}`).toEqual([]);
        }
      }
    }
  });

  it("survives several odd fields at once", () => {
    const value = fc.option(fc.oneof(fc.constantFrom(...oddValues), fc.jsonValue()), { nil: undefined });
    const edits = fc.array(fc.tuple(fc.nat(), value), { maxLength: 5 });
    const bodies = fc.constantFrom(...jsonCases.map(({ json }) => json), {});
    fc.assert(
      fc.property(bodies, edits, (body, changes) => {
        const changed = changes.reduce<Json>((json, [choice, by]) => {
          const paths = pathsOf(json);
          const path = paths[choice % Math.max(paths.length, 1)];
          return path === undefined
            ? json
            : replaced(json, path, by === undefined ? by : jsonSchema.parse(by));
        }, body);
        expect(faultsOf(provider.read(webhookWith(changed)))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("does not touch the request it reads", () => {
    for (const one of cases) {
      const webhook = webhookOf(one);
      const before = [...webhook.body];
      provider.read(webhook);
      expect([...webhook.body]).toEqual(before);
    }
  });

  it("answers any handshake without throwing", () => {
    const queries = [
      "",
      "hub.mode=subscribe",
      "hub.mode=subscribe&hub.challenge=1&hub.verify_token=%00",
      "%ff=&&==",
    ];
    for (const query of queries) {
      const url = `https://tickline.example/in/a-source?${query}`;
      const webhook: Webhook = { ...webhookWith([]), method: "GET", url };
      expect(() => provider.handshake?.(webhook, provider.defaultAuth)).not.toThrow();
    }
  });
});

async function updatesOf(provider: Provider, one: ProviderCase): Promise<IdentifiedUpdate[]> {
  const reading = provider.read(webhookOf(one));
  if (reading.kind !== "updates") return [];
  return Promise.all(
    reading.updates.map(async (update) => ({ ...update, eventId: await identify("a-source", update) })),
  );
}

async function idsOf(provider: Provider, one: ProviderCase): Promise<string[]> {
  return (await updatesOf(provider, one)).map((update) => update.eventId);
}

/** What a message shows that does not depend on how its updates came. */
function foldOf(provider: Provider, updates: readonly IdentifiedUpdate[]): Folded {
  const messageId = updates[0]?.messageId ?? "";
  const request = { source: "a-source", provider: provider.name, messageId, updates };
  const { ledger } = addUpdates(emptyLedger, request, "2026-11-21T10:00:00.000Z");
  return foldMessage(ledger.entries.map((entry) => entry.event));
}
