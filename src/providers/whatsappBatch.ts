/**
 * Reads WhatsApp's webhook, which Meta sends itself and its resellers hand on: entries of changes of statuses, up
 * to a thousand in one body. Each status stands for itself: a bad one takes none of the others down.
 */
import * as z from "zod";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { fail, type Result } from "../model/result.ts";
import type { Status } from "../model/status.ts";
import type { Update } from "../model/update.ts";
import { memberAt, wordAt } from "./body.ts";
import { invalidReading, readingOf, readItem } from "./build.ts";
import { looseText, messageIdField, optional, optionalTextOrNumber, wordField } from "./fields.ts";
import type { BadItem, Reading } from "./provider.ts";
import { reasonOf } from "./reason.ts";
import { unixSecondsOrMilliseconds } from "./time.ts";
import { whatsappReasons } from "./whatsappReasons.ts";

const statuses: ReadonlyMap<string, Status> = new Map([
  // Gupshup's addition.
  ["enqueued", "queued"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["read", "read"],
  ["played", "played"],
  ["failed", "failed"],
  ["deleted", "deleted"],
]);

const errorSchema = z.object({
  code: optionalTextOrNumber.catch(null),
  title: looseText,
  message: looseText,
  error_data: optional(z.object({ details: looseText })).catch(null),
});

const statusSchema = z
  .object({
    id: messageIdField,
    /** Gupshup's own id, by which it knows the message from the start; `id` is then WhatsApp's. */
    gs_id: optional(messageIdField),
    status: wordField,
    /** Meta writes seconds as text; Gupshup mixes seconds and milliseconds. */
    timestamp: unixSecondsOrMilliseconds,
    recipient_id: optionalTextOrNumber,
    /** Of somebody whose number is hidden there is only this. */
    recipient_user_id: optionalTextOrNumber,
    /** In a group, one id covers the message to everybody in it. */
    recipient_participant_id: optionalTextOrNumber,
    recipient_participant_user_id: optionalTextOrNumber,
    errors: optional(z.array(errorSchema)).catch(null),
  })
  .transform((status) => {
    const participant = status.recipient_participant_id ?? status.recipient_participant_user_id;
    const id = status.gs_id ?? status.id;
    return {
      ...status,
      recipient: participant ?? status.recipient_id ?? status.recipient_user_id,
      group: participant && id,
      messageId: participant === null ? id : `${id}~${participant}`,
    };
  })
  .refine(({ messageId }) => messageIdField.safeParse(messageId).success, {
    message: "makes the id of the message too long",
    path: ["recipient_participant_id"],
  });

/** The number that the messages of a change were sent from. */
const phoneSchema = optional(
  z.object({
    phone_number_id: optionalTextOrNumber.catch(null),
    display_phone_number: optionalTextOrNumber.catch(null),
  }),
).catch(null);

export function readWhatsAppBatch(body: Json): Reading {
  const object = wordAt(body, "object");
  if (object === null) return invalidReading([{ path: "object", message: "must be a word" }]);
  if (object !== "whatsapp_business_account") return { kind: "ignored", event: object };
  const items = listAt(body, "", "entry").flatMap((entry) =>
    entry.ok ? listAt(entry.value.raw, entry.value.path, "changes").flatMap(readChange) : [entry],
  );
  return items.length === 0 ? { kind: "ignored", event: "no statuses" } : readingOf(items);
}

interface Item {
  readonly raw: Json;
  readonly path: string;
}

function readChange(change: Result<Item, BadItem>): Result<Update, BadItem>[] {
  if (!change.ok) return [change];
  const { raw, path } = change.value;
  if (wordAt(raw, "field") !== "messages") return [];
  const value = memberAt(raw, "value");
  // The same field carries what people write to us.
  if (isJsonObject(value) && memberAt(value, "statuses") === null) return [];
  const phone = phoneSchema.parse(memberAt(value, "metadata"));
  return listAt(value, `${path}.value`, "statuses").map((status) =>
    status.ok ? readStatus(status.value, phone ?? {}) : status,
  );
}

function readStatus({ raw, path }: Item, phone: JsonObject): Result<Update, BadItem> {
  return readItem(statusSchema, raw, path, (status) => {
    const error = status.errors?.[0];
    return {
      messageId: status.messageId,
      aliases: [status.gs_id, status.id],
      group: status.group,
      channel: "whatsapp",
      recipient: status.recipient,
      status: statuses.get(status.status),
      providerStatus: status.status,
      time: status.timestamp,
      reason: reasonOf(
        whatsappReasons,
        error?.code ?? null,
        error?.error_data?.details ?? error?.message ?? error?.title ?? null,
      ),
      facts: {
        ...phone,
        biz_opaque_callback_data: memberAt(raw, "biz_opaque_callback_data"),
        conversation: memberAt(raw, "conversation"),
        pricing: memberAt(raw, "pricing"),
      },
    };
  });
}

/** The items of a list inside an object, each with its path; one bad item if there is no list. */
function listAt(parent: Json, parentPath: string, name: string): Result<Item, BadItem>[] {
  const path = parentPath === "" ? name : `${parentPath}.${name}`;
  const list = memberAt(parent, name);
  if (!Array.isArray(list)) return [fail({ raw: parent, issues: [{ path, message: "must be a list" }] })];
  return list.map((raw, index) => ({ ok: true, value: { raw, path: `${path}[${index}]` } }));
}
