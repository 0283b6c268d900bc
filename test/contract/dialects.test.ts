/**
 * What every dialect keeps, whichever provider an event came from. Runs over the providers' fixtures: each update
 * in each format, and each request back through our own reading of that format's provider.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Event } from "../../src/model/event.ts";
import { type Json, jsonSchema } from "../../src/model/json.ts";
import { type Status, statuses } from "../../src/model/status.ts";
import type { Update } from "../../src/model/update.ts";
import { findProvider, providers } from "../../src/providers/index.ts";
import { dialects } from "../../src/subscriptions/dialects/index.ts";
import { anEvent, eventOf } from "../support/events.ts";
import { casesOf, webhookOf, webhookWith } from "../support/fixtures.ts";
import { aReason } from "../support/updates.ts";

type Format = "nifteem" | "callbell" | "texter";

/** Per format, what a status has become after it was said in that format and read again; null: it is not said. */
const heard: Readonly<Record<Format, Readonly<Record<Status, Status | null>>>> = {
  nifteem: {
    scheduled: null, queued: null, accepted: null, sent: null, delivered: "delivered", read: "read", played: "read",
    unconfirmed: null, not_sent: "not_sent", canceled: "not_sent", expired: "failed", failed: "failed",
    recipient_corrected: null, deleted: null, channel_switched: null, clicked: null, verified: null, unknown: null,
  },
  callbell: {
    scheduled: "queued", queued: "queued", accepted: "queued", sent: "sent", delivered: "delivered", read: "read",
    played: "read", unconfirmed: null, not_sent: "failed", canceled: "failed", expired: "failed", failed: "failed",
    recipient_corrected: "recipient_corrected", deleted: "deleted", channel_switched: null, clicked: null,
    verified: null, unknown: null,
  },
  texter: {
    scheduled: "queued", queued: "queued", accepted: "accepted", sent: "accepted", delivered: "delivered",
    read: "read", played: "read", unconfirmed: null, not_sent: "failed", canceled: "failed", expired: "failed",
    failed: "failed", recipient_corrected: null, deleted: "deleted", channel_switched: null, clicked: null,
    verified: null, unknown: null,
  },
}; // prettier-ignore

/** The shape that software written for the provider expects. */
const shapes: Readonly<Record<Format, z.ZodType>> = {
  nifteem: z.strictObject({
    event: z.literal("DISPATCH_STATUS"),
    module: z.enum(["DISPATCH_API", "BROADCAST"]),
    dispatchId: z.string().min(1),
    messageId: z.string().min(1),
    messagePart: z.int32().positive(),
    messageTotalParts: z.int32().positive(),
    channel: z.string().nullable(),
    channelIdentifier: z.string().nullable(),
    status: z.enum(["DELIVERED", "READ", "FAILED", "NOSENT"]),
    statusOrder: z.int32(),
    statusDate: z.iso.datetime(),
    dispatchMetadata: z.looseObject({}),
    recipientMetadata: z.looseObject({}),
  }),
  callbell: z.strictObject({
    event: z.literal("message_status_updated"),
    payload: z.strictObject({
      uuid: z.string().min(1),
      status: z.enum(["enqueued", "sent", "delivered", "read", "failed", "mismatch", "deleted"]),
      contact: z.looseObject({ source: z.string().nullable(), phoneNumber: z.string().nullable() }),
      metadata: z.looseObject({}).optional(),
      messageStatusPayload: z.strictObject({
        id: z.string(),
        type: z.string(),
        destination: z.string().nullable(),
        payload: z.looseObject({ ts: z.int().optional() }),
      }),
    }),
  }),
  texter: z.strictObject({
    eventName: z.literal("messageStatusChanged"),
    eventData: z.strictObject({
      chat: z.looseObject({ _id: z.string(), channelInfo: z.looseObject({}) }),
      messageStatus: z.int().min(0).max(6),
      error: z.string().nullable(),
      timestamp: z.int(),
      externalId: z.tuple([z.string()]),
    }),
  }),
};

const formats: readonly Format[] = ["nifteem", "callbell", "texter"];

describe.each(formats)("format %s", (format) => {
  const { render } = dialects[format];

  it.each(statuses)("says %s as its page has it", (status) => {
    const reason = heard[format][status] === "failed" ? aReason() : null;
    const event = anEvent({ status, reason, raw: { foreign: true } });
    expectSaid(format, event);
  });

  it.each(
    providers.flatMap(({ name }) =>
      eventsOf(name).map(([title, event]): [string, string, Event] => [name, title, event]),
    ),
  )("says of %s: %s", (name, _, event) => {
    if (name === format) expectOwn(format, event);
    else expectSaid(format, event);
    expectSaid(format, { ...event, raw: null, rawTruncated: true });
  });

  it("never throws, and always gives JSON, whatever the event holds", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "\ud800", "__proto__", '","status":"READ'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.constantFrom("meta", ...formats),
        fc.record({
          messageId: text,
          providerStatus: text,
          channel: fc.option(text),
          recipient: fc.option(text),
          group: fc.option(text),
          raw: fc.jsonValue(),
        }),
        (status, provider, { raw, ...words }) => {
          const json: Json = JSON.parse(JSON.stringify(raw));
          const rendering = render(anEvent({ status, provider, ...words, raw: json }));
          if (rendering !== null) expect(isJson(rendering.body ?? "")).toBe(true);
        },
      ),
    );
  });
});

/** What another provider told is translated into the format's shape, and read back as documented. */
function expectSaid(format: Format, event: Event): void {
  const expected = heard[format][event.status];
  const rendering = dialects[format].render(event);
  if (expected === null) {
    expect(rendering).toBeNull();
    return;
  }
  const body: unknown = JSON.parse(rendering?.body ?? "");
  expect(rendering?.contentType).toBe("application/json");
  const shape = shapes[format].safeParse(body);
  if (!shape.success) expect.fail(`${shape.error.message}: ${rendering?.body}`);
  expect(readBack(format, rendering?.body ?? "")).toMatchObject({
    messageId: event.messageId,
    status: expected,
    channel: event.channel,
    recipient: event.recipient,
    ...(format === "nifteem" && { part: event.part }),
  });
}

/** What the provider itself told goes out as it came, if its own webhook would have told it. */
function expectOwn(format: Format, event: Event): void {
  const rendering = dialects[format].render(event);
  if (event.status === "unknown" && rendering !== null) {
    // A word that the provider has newly invented is passed on to those who may know it.
    expect(JSON.parse(rendering.body ?? "")).toEqual(event.raw);
  } else if (heard[format][event.status] === null) {
    expect(rendering).toBeNull();
    return;
  }
  const update = readBack(format, rendering?.body ?? "");
  expect(update).toMatchObject({ messageId: event.messageId, status: event.status, reason: event.reason });
  expect(update.occurredAtMs).toBe(event.timeSource === "provider" ? Date.parse(event.occurredAt) : null);
}

function readBack(format: Format, body: string): Update {
  const reading = findProvider(format)?.read(webhookWith(new TextEncoder().encode(body)));
  if (reading?.kind !== "updates" || reading.updates.length !== 1 || reading.bad.length > 0) {
    expect.fail(`${format} does not read ${body}: ${JSON.stringify(reading)}`);
  }
  const [update] = reading.updates;
  if (update === undefined) expect.fail("no update");
  return update;
}

function isJson(text: string): boolean {
  return jsonSchema.safeParse(JSON.parse(text)).success;
}

function eventsOf(provider: string): [string, Event][] {
  return casesOf(provider).flatMap((one) => {
    const reading = findProvider(provider)?.read(webhookOf(one));
    if (reading?.kind !== "updates") return [];
    return reading.updates.map((update, index): [string, Event] => [
      `${one.name} (${index + 1})`,
      eventOf(provider, update),
    ]);
  });
}
