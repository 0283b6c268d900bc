/** Texter's `messageStatusChanged`. A body of Texter's own goes out as it came; everything else is translated. */
import * as z from "zod/mini";
import type { Event } from "../../model/event.ts";
import { type JsonObject, jsonObjectSchema } from "../../model/json.ts";
import type { Dialect } from "./dialect.ts";
import { texterStatusOf } from "./texterStatus.ts";

export const texter: Dialect = {
  name: "texter",
  render: (event) => {
    const body = ownBody(event) ?? translate(event);
    return body === null ? null : { body: JSON.stringify(body), contentType: "application/json" };
  },
};

const ownBodySchema = z.object({
  eventName: z.literal("messageStatusChanged"),
  eventData: z.object({
    messageStatus: z.int(),
    error: z.nullable(z.string()),
    timestamp: z.int(),
    externalId: z.array(z.string()),
    chat: jsonObjectSchema,
  }),
});

/** Only with the types that Texter documents; its users can import templates that turn all of them to text. */
function ownBody(event: Event): JsonObject | null {
  if (event.provider !== "texter" || !ownBodySchema.safeParse(event.raw).success) return null;
  const body = jsonObjectSchema.parse(event.raw);
  // Where Texter's webhook named several messages, each has its event, and so its own delivery.
  return {
    ...body,
    eventData: { ...jsonObjectSchema.parse(body["eventData"]), externalId: [event.messageId] },
  };
}

function translate(event: Event): JsonObject | null {
  const told = texterStatusOf(event);
  if (told === null) return null;
  return {
    eventName: "messageStatusChanged",
    eventData: {
      chat: told.chat,
      messageStatus: told.status,
      error: told.error,
      timestamp: told.timestamp,
      externalId: [...told.ids],
    },
  };
}
