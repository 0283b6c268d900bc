/** Imports and templates: refused with a path, or rendered for every event, always to the place that the import names. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseImport } from "../../src/subscriptions/scenarios/parse.ts";
import { scenarioDialect } from "../../src/subscriptions/scenarios/render.ts";
import { replacePlaceholders } from "../../src/subscriptions/scenarios/template.ts";
import { showScenario, splitHeaders } from "../../src/subscriptions/scenarios/view.ts";
import { anEvent } from "../support/events.ts";
import { asJson, fuzzing, oddTexts, share, timed } from "../support/fuzz.ts";
import { changedJson, edits, oddJson, oddText } from "../support/fuzzBodies.ts";
import { anImport } from "../support/scenarios.ts";

const imports = share(10);
/** A body is at most a chat of 32 KiB for each of 64 placeholders, escaped. */
const bodyCharactersMax = 15_000_000;

const placeholder = fc.constantFrom(
  "%messageStatusRequest:status%",
  "%messageStatusRequest:error%",
  "%messageStatusRequest:chat.name%",
  "%chat:title%",
  "%chat:x.y.z%",
);
const template = fc
  .array(fc.oneof(placeholder, oddText, fc.constantFrom("/", "?", "#", "..", "@", ":", "//", "%2F")), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const place = fc.constantFrom(
  "data.actions[0].params.url",
  "data.actions[0].params.data",
  "data.actions[0].params.headers",
  "data.actions[0].params.query",
  "data.conditions",
  "data.loaders",
);
const url = template.map((text) => `https://receiver.example/${text}`);
const body = fc.oneof(
  edits.map((changes) => changedJson(anImport(), changes)),
  fc.tuple(place, fc.oneof(template, oddJson)).map(([path, value]) => anImport({ [path]: value })),
  fc.tuple(url, fc.oneof(placeholder, template), template).map(([address, header, text]) =>
    anImport({
      "data.actions[0].params.url": address,
      "data.actions[0].params.headers": { "X-Text": header },
      "data.actions[0].params.query": { q: text },
      "data.actions[0].params.data": {
        [text]: { text, list: [text, { "##provide": { provider: "chat", key: text } }] },
      },
    }),
  ),
  oddJson,
);
const event = fc.record({
  text: oddText,
  metadata: fc.dictionary(fc.constantFrom("chat", "x"), oddJson),
  raw: oddJson,
});

test(`${imports} imports are refused, or send only where they say`, async () => {
  await fc.assert(
    fc.asyncProperty(body, event, async (json, { text, metadata, raw }) => {
      await timed(() => {
        const parsed = parseImport(json);
        if (!parsed.ok) {
          expect(parsed.failure).toMatchObject({ kind: "invalid" });
          if (parsed.failure.kind === "invalid") expect(parsed.failure.issues.length).toBeGreaterThan(0);
          return;
        }
        const { scenario, data } = parsed.value;
        splitHeaders(data);
        showScenario({ ...anyone, scenario: { data, authorUid: null, draft: false } });
        const dialect = scenarioDialect(scenario);
        const address = scenario.actions[0].params.url;
        const wanted = new URL(replacePlaceholders(address, () => "1"));
        for (const filled of [text, ...oddTexts.slice(0, 12)]) {
          const odd = { recipient: filled, group: filled, channel: filled, messageId: filled };
          const rendering = dialect.render(
            anEvent({
              ...odd,
              metadata: Object.fromEntries(
                Object.entries(metadata).map(([name, value]) => [name, asJson(value)]),
              ),
              raw: asJson(raw),
              status: "failed",
            }),
          );
          if (rendering === null) continue;
          const sent = new URL(rendering.url ?? "");
          expect([sent.origin, sent.username, sent.password]).toEqual([
            wanted.origin,
            wanted.username,
            wanted.password,
          ]);
          expect(rendering.body?.length ?? 0).toBeLessThan(bodyCharactersMax);
          // Throws for what no header can carry.
          expect(new Headers(rendering.headers)).toBeDefined();
        }
      });
    }),
    fuzzing(imports),
  );
});

const anyone = {
  id: "sub_1",
  name: null,
  url: "https://receiver.example/",
  status: "active",
  disabledReason: null,
  headers: {},
  createdAt: "2026-11-21T10:00:00.000Z",
  updatedAt: "2026-11-21T10:00:00.000Z",
} as unknown as Parameters<typeof showScenario>[0];
