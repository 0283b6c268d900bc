/** The providers that report by form or query: the contract suite's odd values, parameter by parameter. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findProvider } from "../../../src/providers/index.ts";
import type { Webhook } from "../../../src/providers/provider.ts";
import { casesOf, webhookOf, webhookWith } from "../../support/fixtures.ts";
import { faultsOf } from "../../support/readings.ts";

const oddTexts = ["", " ", "\0", "\ud800", "null", "__proto__", "x".repeat(1_025), "y".repeat(40_000), "🙂"];

describe.each(["twilio", "plivo", "messagebird"])("%s", (name) => {
  const provider = findProvider(name);
  const forms = casesOf(name).flatMap(({ request }) => {
    const query = Object.fromEntries(new URLSearchParams(request.query));
    const form = request.method === "GET" ? query : request.form;
    return form === undefined ? [] : [form];
  });

  it("survives every parameter missing, odd or twice, in a form and in a query", () => {
    const seen = new Set<string>();
    for (const form of forms) {
      for (const parameter of Object.keys(form)) {
        // Once for each, in the first fixture that has it.
        if (seen.has(parameter)) continue;
        seen.add(parameter);
        const { [parameter]: _left, ...rest } = form;
        for (const changed of [rest, ...oddTexts.map((text) => ({ ...form, [parameter]: text }))]) {
          const text = new URLSearchParams(changed).toString();
          for (const webhook of [posted(text), got(text), posted(`${text}&${parameter}=again`)]) {
            expect(faultsOf(provider?.read(webhook) ?? invalid), `${parameter} of ${text}`).toEqual([]);
          }
        }
      }
    }
  });

  it("survives any parameters", () => {
    const names = fc.constantFrom(...new Set(forms.flatMap((form) => Object.keys(form))));
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), (parameters) => {
        const text = new URLSearchParams(parameters).toString();
        expect(faultsOf(provider?.read(posted(text)) ?? invalid)).toEqual([]);
      }),
    );
  });
});

const invalid = { kind: "invalid", issues: [] } as const;

function posted(text: string): Webhook {
  return webhookWith(new TextEncoder().encode(text));
}

function got(query: string): Webhook {
  return webhookOf({ request: { method: "GET", query, headers: {} } });
}
