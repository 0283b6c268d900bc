import { expect, it } from "vitest";
import { jsonObjectSchema } from "../../../../src/model/json.ts";
import { parseScenario } from "../../../../src/subscriptions/scenarios/parse.ts";
import { showScenario, splitHeaders } from "../../../../src/subscriptions/scenarios/view.ts";
import type { Subscription } from "../../../../src/subscriptions/subscription.ts";
import { anImport } from "../../../support/scenarios.ts";

const headersPath = "data.actions[0].params.headers";
const headers = { Authorization: "Bearer s3cret", "X-Status": "is %messageStatusRequest:status%" };

function dataOf(edits: Parameters<typeof anImport>[0] = {}) {
  return jsonObjectSchema.parse(anImport(edits)["data"]);
}

function stored(edits: Partial<Subscription>): Subscription {
  return {
    id: "sub_1",
    version: 1,
    url: "https://receiver.example/",
    name: "(SUB) Messages Status Changed",
    status: "active",
    disabledReason: null,
    format: "texter",
    scenario: { data: dataOf(), authorUid: null, draft: false },
    filter: {},
    headers: {},
    timeoutSeconds: 15,
    ratePerSecond: null,
    parallelism: 1,
    shards: 1,
    signingSecret: "v1.sealed",
    previousSecret: null,
    previousSecretExpiresAtMs: null,
    makerKeyId: "root",
    sources: null,
    createdAt: "2026-11-21T10:00:00.000Z",
    updatedAt: "2026-11-21T11:00:00.000Z",
    readAtMs: 0,
    ...edits,
  };
}

it("headers that are no templates are taken out, to be sealed; what is left is still a scenario", () => {
  const split = splitHeaders(dataOf({ [headersPath]: headers }));
  expect(split.headers).toEqual({ Authorization: "Bearer s3cret" });
  expect(split.data).toEqual(dataOf({ [headersPath]: { "X-Status": headers["X-Status"] } }));
  expect(parseScenario(split.data).ok).toBe(true);
  expect(splitHeaders(dataOf())).toEqual({ data: dataOf(), headers: {} });
});

it("no header's value is shown", () => {
  const { data } = splitHeaders(dataOf({ [headersPath]: headers }));
  const shown = showScenario(
    stored({ scenario: { data, authorUid: null, draft: false }, headers: { Authorization: "v1.sealed" } }),
  );
  expect(shown?.data).toEqual(dataOf({ [headersPath]: { Authorization: "…", "X-Status": "…" } }));
  expect(JSON.stringify(shown)).not.toMatch(/s3cret|sealed/);
});

it("a scenario is shown as it was imported, under the id of its subscription", () => {
  expect(showScenario(stored({}))).toEqual({
    _id: "sub_1",
    name: "(SUB) Messages Status Changed",
    status: "active",
    disabledReason: null,
    data: dataOf(),
    authorUid: null,
    created: "2026-11-21T10:00:00.000Z",
    modified: "2026-11-21T11:00:00.000Z",
  });
  expect(showScenario(stored({ scenario: null }))).toBeNull();
});

it("a draft is one until it is activated, and one that we switched off is inactive", () => {
  const draft = { data: dataOf(), authorUid: null, draft: true };
  expect(showScenario(stored({ status: "inactive", scenario: draft }))?.status).toBe("draft");
  expect(showScenario(stored({ status: "active", scenario: draft }))?.status).toBe("active");
  expect(showScenario(stored({ status: "inactive" }))?.status).toBe("inactive");
  expect(showScenario(stored({ status: "disabled", disabledReason: "gone" }))).toMatchObject({
    status: "inactive",
    disabledReason: "gone",
  });
});
