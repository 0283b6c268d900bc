/** Any request to any address is answered: never by a crash, a 500 or a hang, and never without bounds. */
import { env, exports } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { newKey, newSource } from "../../support/api.ts";
import { asJson, fuzzing, share, timed } from "../../support/fuzz.ts";
import { changedJson, edits, headerText, oddJson, oddText, queries } from "../../support/fuzzBodies.ts";
import { receivers } from "../../support/receiver.ts";
import { anImport } from "../../support/scenarios.ts";
import { rows, type Scene, setScene } from "../../workers/http/accessTable.ts";

const requests = share(8);
const answerBytesMax = 2 * 1024 * 1024;

beforeAll(async () => {
  receivers();
  await newSource({ id: "fuzzed-source" });
  scene = await setScene();
});

/** A path's variable parts: known, odd, and odd in their percent-encoding. */
const step = fc.oneof(
  fc.constantFrom(
    "fuzzed-source",
    "no-such-source",
    "-",
    "%",
    "%zz",
    "%E0%A4%A",
    "%00",
    "%2F",
    "%2e%2e",
    "..",
    "%F0%9F%91%8D",
    "%ud800",
    "a%20b",
    "+",
    ";",
    "a;b=c",
    "*",
    "@",
    "a".repeat(600),
    "%61".repeat(300),
  ),
  oddText.map((text) => encodeURIComponent(text.toWellFormed())),
  oddText.map((text) => encodeURI(text.toWellFormed()).replaceAll(/[?#]/g, "")),
);
const others = [
  "/health",
  "/asyncapi.json",
  "/v1/stream",
  "/in/{source}",
  "/in/{source}/{token}",
  "/",
  "/docs",
];
const nothing: Scene = {
  source: "fuzzed-source",
  message: "M",
  group: "G",
  recipient: "+390000000",
  rejected: "-",
  keyId: "-",
  subscription: "-",
  scenario: "-",
};
/** What is really there. */
let scene = nothing;
const endpoint = fc.constantFrom(
  ...rows.map(({ method, path, request }) => ({
    method,
    path,
    sample: asJson(request(nothing).body ?? null),
    known: method === "DELETE" ? null : () => request(scene).path,
  })),
);
const other = fc.record({
  method: fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"),
  path: fc.oneof(
    fc.constantFrom(...others, ...rows.map(({ path }) => path)),
    fc.array(step, { maxLength: 6 }).map((steps) => `/${steps.join("/")}`),
    fc.tuple(fc.constantFrom(...others), step).map(([path, more]) => `${path}/${more}`),
  ),
  sample: fc.constant(null),
  known: fc.constant(null),
});
const called = fc
  .tuple(
    fc.oneof({ weight: 6, arbitrary: endpoint }, { weight: 1, arbitrary: other }),
    fc.array(step, { minLength: 3, maxLength: 3 }),
  )
  .map(([one, steps]) => ({ ...one, path: fill(one.path, steps) }));
const names = fc.constantFrom(
  "limit",
  "cursor",
  "after",
  "source",
  "status",
  "since",
  "until",
  "recipient",
  "alias",
  "statuses",
  "metadata.a",
  "state",
  "event",
  "group",
);
const values = fc.oneof(
  fc.constantFrom(
    "1",
    "200",
    "0",
    "now",
    "earliest",
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00+99:99",
    "-000001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999+14:00",
    "W10",
    "bnVsbA",
    "WyIyMDI2LTExLTIxVDEwOjAwOjAwLjAwMFoiLCJ4Il0",
  ),
  oddText,
);
const query = fc.oneof(
  fc.constant(""),
  queries,
  fc
    .array(fc.tuple(names, values), { maxLength: 3 })
    .map((pairs) =>
      new URLSearchParams(pairs.map(([name, value]) => [name, value.toWellFormed()])).toString(),
    ),
);
const samples = [
  {
    provider: "nifteem",
    name: "x",
    auth: [{ type: "header", name: "X-API-Key", value: "v" }],
    rateLimit: { perSecond: 1, burst: 1 },
  },
  { name: "x", scopes: ["keys:write"], sources: ["fuzzed-source"], expiresAt: "2027-01-01T00:00:00Z" },
  {
    url: "https://receiver.example/hook",
    status: "inactive",
    filter: { statuses: ["read"], metadata: { a: 1 } },
    headers: { "X-A": "b" },
    parallelism: 2,
  },
  { recipient: "+390000000" },
  { filter: {}, messages: [{ source: "fuzzed-source", messageId: "M" }], ttlSeconds: 60 },
  { since: "2026-11-21T10:00:00Z", only: "missing" },
  { overlapSeconds: 0 },
  anImport({ asStatus: "inactive", authorUid: undefined }),
];
/** Instead of the endpoint's own body with some changes. */
const body = fc.option(
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...samples), edits)
      .map(([sample, changes]) => JSON.stringify(changedJson(asJson(sample), changes))),
    oddJson.map((json) => JSON.stringify(json)),
    fc.constantFrom(
      "[".repeat(50_000),
      `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
      `{"filter":{"sources":[${"1,".repeat(60_000)}1]}}`,
    ),
    oddText,
  ),
  { freq: 2 },
);
const headers = fc.dictionary(
  fc.constantFrom(
    "Idempotency-Key",
    "If-None-Match",
    "Origin",
    "Upgrade",
    "Sec-WebSocket-Protocol",
    "Content-Type",
    "Content-Length",
    "Accept",
    "Cookie",
    "Expect",
    "Range",
    "Tickline-Admission",
  ),
  fc.oneof(
    headerText,
    fc.constantFrom(
      "websocket",
      "tickline.v1",
      "tickline.v1, bearer.a.b",
      "bearer.",
      "null",
      "http://localhost",
      "same-key",
      "x".repeat(255),
      "x".repeat(256),
    ),
  ),
  { maxKeys: 3 },
);
test(`${requests} odd requests are answered, none of them with a 500`, { timeout: 20 * 60_000 }, async () => {
  const { key } = await newKey(
    ["messages:read", "feed:read", "sources:write", "subscriptions:write", "messages:erase"],
    ["fuzzed-source"],
  );
  const failed = vi.spyOn(console, "error");
  await fc.assert(
    fc.asyncProperty(
      called,
      query,
      edits,
      body,
      headers,
      fc.boolean(),
      fc.boolean(),
      async (one, search, changes, text, more, isRoot, isKnown) => {
        failed.mockClear();
        const content =
          text ?? (one.sample === null ? null : JSON.stringify(changedJson(one.sample, changes)));
        const authorization = `Bearer ${isRoot ? env.ROOT_KEY : key}`;
        const request = requestOf(
          one.method,
          isKnown ? (one.known?.() ?? one.path) : one.path,
          search,
          content,
          { Authorization: authorization, ...more },
        );
        if (request === null) return;
        await timed(async () => {
          const response = await exports.default.fetch(request);
          const answer = response.webSocket === null ? await response.arrayBuffer() : new ArrayBuffer();
          response.webSocket?.accept();
          response.webSocket?.close();
          const shown = new TextDecoder().decode(answer.slice(0, 500));
          const logged = failed.mock.calls.map(([line]) => String(line)).join("\n");
          expect(response.status, `${shown}\n${logged}`).toBeLessThan(500);
          expect(answer.byteLength, shown).toBeLessThan(answerBytesMax);
        });
      },
    ),
    fuzzing(requests),
  );
});

/** Null: not even a client can send it. */
function requestOf(
  verb: string,
  at: string,
  search: string,
  text: string | null,
  more: Record<string, string>,
): Request | null {
  const hasBody = verb !== "GET" && verb !== "HEAD" && text !== null;
  try {
    const address = `http://localhost${at}${search === "" ? "" : `?${search}`}`;
    return new Request(address, { method: verb, headers: more, ...(hasBody ? { body: text } : {}) });
  } catch {
    return null;
  }
}

function fill(shape: string, steps: readonly string[]): string {
  let used = 0;
  return shape.replaceAll(/\{\w+\}/g, () => steps[used++ % steps.length] ?? "");
}
