import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../../src/model/event.ts";
import { type Json, jsonSchema } from "../../../../src/model/json.ts";
import { statuses } from "../../../../src/model/status.ts";
import type { Rendering } from "../../../../src/subscriptions/dialects/dialect.ts";
import { parseImport } from "../../../../src/subscriptions/scenarios/parse.ts";
import { scenarioDialect, scenarioStatuses } from "../../../../src/subscriptions/scenarios/render.ts";
import { anEvent } from "../../../support/events.ts";
import { anImport, webhookUrl } from "../../../support/scenarios.ts";
import { aReason } from "../../../support/updates.ts";

const params = "data.actions[0].params";

type Edits = Parameters<typeof anImport>[0];

function render(edits: Edits, event: Event = anEvent()): Rendering | null {
  const parsed = parseImport(anImport(edits));
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.failure));
  return scenarioDialect(parsed.value.scenario).render(event);
}

/** The body that `data` becomes. */
function rendered(data: Json, event?: Event): Json {
  return jsonSchema.parse(JSON.parse(render({ [`${params}.data`]: data }, event)?.body ?? ""));
}

function provide(provider: string, key: string): Json {
  return { "##provide": { provider, key } };
}

function compare(comparison: string, value: Json, compareTo: Json): Json {
  return { name: "compare", params: { comparison, value, compareTo } };
}

const statusProvided = provide("messageStatusRequest", "status");

const texterChat = {
  _id: "69072b0233aea8a47f8bad9f",
  displayName: "Josh Dun",
  channelInfo: { name: "whatsapp", id: "972521234567", accountId: "account-1" },
};
const texterEvent = anEvent({
  provider: "texter",
  messageId: "wamid.HBgM",
  status: "read",
  raw: {
    eventName: "messageStatusChanged",
    eventData: {
      chat: texterChat,
      messageStatus: 3,
      error: null,
      timestamp: 1768141074000,
      externalId: ["wamid.HBgM"],
    },
  },
});

function sent(conditions: Json): boolean {
  return render({ "data.conditions": conditions }, texterEvent) !== null;
}

describe("the documented scenario", () => {
  it("sends exactly the documented payload for a message of Texter's", () => {
    const rendering = render({}, texterEvent);
    expect(rendering).toMatchObject({ method: "POST", url: webhookUrl, contentType: "application/json" });
    expect(JSON.parse(rendering?.body ?? "")).toEqual(texterEvent.raw);
  });

  it("sends the same shape for any other provider's", () => {
    expect(JSON.parse(render({}, anEvent({ status: "failed", reason: aReason() }))?.body ?? "")).toEqual({
      eventName: "messageStatusChanged",
      eventData: {
        chat: {
          _id: "acme-nifteem:whatsapp:+390000000",
          displayName: "+390000000",
          channelInfo: { name: "whatsapp", id: "+390000000", accountId: "acme-nifteem" },
        },
        messageStatus: 4,
        error: "Message undeliverable",
        timestamp: 1795255200000,
        externalId: ["M1"],
      },
    });
  });

  it.each(statuses)("%s is rendered if and only if Texter has a word for it", (status) => {
    // That `deleted` does not fire a scenario is for its filter to say.
    const expected = (scenarioStatuses.includes(status) || status === "deleted") && status !== "unconfirmed";
    expect(render({}, anEvent({ status })) !== null).toBe(expected);
  });
});

describe("placeholders", () => {
  it("give the value with its type where they stand alone", () => {
    const keys = ["status", "error", "timestamp", "ids", "chat.id", "chat.name", "chat.accountId"];
    const expected = [3, null, 1768141074000, ["wamid.HBgM"], "972521234567", "whatsapp", "account-1"];
    expect(
      rendered(
        keys.map((key) => provide("messageStatusRequest", key)),
        texterEvent,
      ),
    ).toEqual(expected);
    expect(
      rendered(
        keys.map((key) => `%messageStatusRequest:${key}%`),
        texterEvent,
      ),
    ).toEqual(expected);
    expect(rendered([provide("chat", "chat"), "%chat:chat%"], texterEvent)).toEqual([texterChat, texterChat]);
  });

  it("give the text inside a longer string", () => {
    const text =
      "%messageStatusRequest:status%|%messageStatusRequest:error%|%messageStatusRequest:ids%|%chat:chat%";
    expect(rendered(` ${text}`, texterEvent)).toBe(` 3||["wamid.HBgM"]|${JSON.stringify(texterChat)}`);
  });

  it("are not looked for in what they gave", () => {
    const event = anEvent({
      status: "failed",
      reason: aReason({ text: "%chat:chat% {{x}} %messageStatusRequest:ids%" }),
    });
    expect(rendered("why: %messageStatusRequest:error%", event)).toBe(
      "why: %chat:chat% {{x}} %messageStatusRequest:ids%",
    );
  });

  it("leave every other value and key alone", () => {
    const data: Json = {
      "%chat:chat%": 1,
      percent: "100%",
      number: 1.5,
      no: false,
      nothing: null,
      list: [[], {}],
    };
    expect(rendered(data)).toEqual(data);
  });

  it("may be next to an own member called __proto__", () => {
    const data: Json = JSON.parse('{"__proto__":"%messageStatusRequest:status%"}');
    const body = render({ [`${params}.data`]: data })?.body;
    expect(body).toBe('{"__proto__":2}');
  });
});

describe("conditions", () => {
  it.each<[string, Json, Json, boolean]>([
    ["Equal", statusProvided, 3, true],
    ["Equal", statusProvided, "3", true],
    ["Equal", statusProvided, 4, false],
    ["Equal", "%messageStatusRequest:error%", null, true],
    ["Equal", "%messageStatusRequest:error%", 0, false],
    ["Equal", "%messageStatusRequest:ids%", ["wamid.HBgM"], true],
    ["Equal", "%chat:chat%", texterChat, true],
    ["Equal", "%chat:chat%", { ...texterChat, more: 1 }, false],
    ["Equal", "a", "b", false],
    ["NotEqual", statusProvided, 4, true],
    ["NotEqual", statusProvided, 3, false],
    ["GreaterThan", statusProvided, 2, true],
    ["GreaterThan", statusProvided, 3, false],
    ["GreaterThan", "10", "9", true],
    ["GreaterThan", "b", "a", true],
    ["GreaterThan", null, -1, false],
    ["GreaterThanOrEqual", statusProvided, 3, true],
    ["GreaterThanOrEqual", statusProvided, 4, false],
    ["LessThan", statusProvided, 4, true],
    ["LessThan", statusProvided, 3, false],
    ["LessThan", [], 1, false],
    ["LessThanOrEqual", statusProvided, 3, true],
    ["LessThanOrEqual", statusProvided, 2, false],
    ["Contains", "%messageStatusRequest:ids%", "wamid.HBgM", true],
    ["Contains", "%messageStatusRequest:ids%", "wamid", false],
    ["Contains", "%messageStatusRequest:chat.name%", "what", true],
    ["Contains", "code 131026", 131026, true],
    ["Contains", "%messageStatusRequest:error%", "x", false],
    ["Contains", "%chat:chat%", "Josh", false],
  ])("%s of %j and %j", (comparison, value, compareTo, expected) => {
    expect(sent([[compare(comparison, value, compareTo)]])).toBe(expected);
  });

  it("are alternatives, each of which is a list of which all must hold", () => {
    const [yes, no] = [compare("Equal", 1, 1), compare("Equal", 1, 2)];
    expect(sent([])).toBe(true);
    expect(sent([[no], [yes]])).toBe(true);
    expect(sent([[yes, no], [no]])).toBe(false);
    expect(sent([[yes, yes]])).toBe(true);
  });

  it("may come before the chat is loaded", () => {
    const loaders: Json = { afterConditions: [{ name: "chat", alias: "chat", params: {} }] };
    const edits = { "data.loaders": loaders, "data.conditions": [[compare("Equal", statusProvided, 3)]] };
    expect(JSON.parse(render(edits, texterEvent)?.body ?? "")).toEqual(texterEvent.raw);
  });
});

describe("the request", () => {
  it("goes by the given method, with a body only where there is data", () => {
    expect(render({ [`${params}.method`]: "get", [`${params}.data`]: undefined })).toMatchObject({
      method: "GET",
      body: null,
    });
    expect(render({ [`${params}.method`]: "Put" })).toMatchObject({ method: "PUT" });
    expect(render({ [`${params}.method`]: undefined })).toMatchObject({ method: "POST" });
  });

  it("is a form where json is not true", () => {
    const data = { id: "%messageStatusRequest:ids%", status: "%messageStatusRequest:status%", text: "a&b=c" };
    expect(render({ [`${params}.json`]: false, [`${params}.data`]: data })).toMatchObject({
      contentType: "application/x-www-form-urlencoded",
      body: "id=%5B%22M1%22%5D&status=2&text=a%26b%3Dc",
    });
  });

  it("has its own headers, and as its timeout that of its slowest phase", () => {
    const headers = {
      Authorization: "Bearer s3cret",
      "X-Status": "is %messageStatusRequest:status%",
      "Content-Type": "application/json",
    };
    const timeouts = { connect: 1_000, response: 20_000 };
    const rendering = render({ [`${params}.headers`]: headers, [`${params}.timeouts`]: timeouts });
    expect(rendering?.headers).toEqual({ Authorization: "Bearer s3cret", "X-Status": "is 2" });
    expect(rendering?.timeoutMs).toBe(20_000);
    expect(render({})).not.toHaveProperty("timeoutMs");
  });

  it("has what is filled in percent-encoded, in path and query", () => {
    const url = "https://a.example/x/%messageStatusRequest:ids%/y?a=1&id=%messageStatusRequest:ids%#gone";
    const query = { raw: "%messageStatusRequest:ids%", "k y": "%messageStatusRequest:error%" };
    const event = anEvent({ messageId: "a/b?c#d&e é" });
    const ids = encodeURIComponent('["a/b?c#d&e é"]');
    expect(render({ [`${params}.url`]: url, [`${params}.query`]: query }, event)?.url).toBe(
      `https://a.example/x/${ids}/y?a=1&id=${ids}&raw=${ids}&k%20y=`,
    );
  });

  it("does not climb the path", () => {
    const url = "https://a.example/x/%messageStatusRequest:chat.id%/.%messageStatusRequest:chat.id%/y";
    for (const id of ["..", "."]) {
      const event = anEvent({ recipient: id });
      expect(new URL(render({ [`${params}.url`]: url }, event)?.url ?? "").pathname).toMatch(
        /^\/x\/[^/]+\/[^/]+\/y$/,
      );
    }
  });
});

describe("whatever the values are", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      '","a":"',
      "\r\nX-Injected: 1",
      "../..",
      "..",
      "%2e%2e",
      "/",
      "\\",
      "?a#b",
      "@b.example",
      "\ud800",
      "%chat:chat%",
      "{{x}}",
      "##provide",
    ),
  );
  const event = fc
    .record({ messageId: nasty, recipient: fc.option(nasty), channel: fc.option(nasty), text: nasty })
    .map(({ text, ...words }) => anEvent({ ...words, status: "failed", reason: aReason({ text }) }));

  it("they never leave their string, and the body is always JSON of the template's shape", () => {
    const data = {
      before: "x%messageStatusRequest:chat.id%y",
      error: "%messageStatusRequest:error%",
      list: ["%messageStatusRequest:error% %messageStatusRequest:chat.name%"],
      after: 1,
    };
    fc.assert(
      fc.property(event, (one) => {
        const [recipient, error] = [one.recipient ?? "", one.reason?.text ?? ""];
        expect(rendered(data, one)).toEqual({
          before: `x${recipient}y`,
          error,
          list: [`${error} ${one.channel ?? ""}`],
          after: 1,
        });
      }),
    );
  });

  it("they never leave their place in the URL, nor their header", () => {
    const edits = {
      [`${params}.url`]:
        "https://a.example:8443/a/%messageStatusRequest:chat.id%/b?q=%messageStatusRequest:error%&z=1",
      [`${params}.query`]: { more: "%messageStatusRequest:chat.name%" },
      [`${params}.headers`]: { "X-Error": "e %messageStatusRequest:error%" },
    };
    fc.assert(
      fc.property(event, (one) => {
        const rendering = render(edits, one);
        const url = new URL(rendering?.url ?? "");
        expect(url.origin).toBe("https://a.example:8443");
        expect(url.pathname).toMatch(/^\/a\/[^/]*\/b$/);
        expect(url.hash).toBe("");
        expect([...url.searchParams]).toEqual([
          ["q", (one.reason?.text ?? "").toWellFormed()],
          ["z", "1"],
          ["more", (one.channel ?? "").toWellFormed()],
        ]);
        const headers = new Headers(rendering?.headers);
        expect([...headers.keys()]).toEqual(["x-error"]);
      }),
    );
  });
});
