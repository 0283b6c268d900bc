/**
 * Plivo's message status. A callback repeats the times of all that came before it, so its own is the one that
 * belongs to its status. `ParentMessageUUID` and `PartInfo` are reserved, and to be ignored.
 */
import * as z from "zod/mini";
import { messageIdField, optional, optionalText, prepared, refused, wordField } from "../fields.ts";
import { isoTime } from "../time.ts";

/** Absent and "" are the same in a form. */
const time = prepared((text) => (text === "" ? null : text), optional(isoTime));

const timeNames: ReadonlyMap<string, "QueuedTime" | "SentTime"> = new Map([
  ["queued", "QueuedTime"],
  ["sent", "SentTime"],
]);

export const payloadSchema = z.pipe(
  z.object({
    MessageUUID: messageIdField,
    Status: wordField,
    To: optionalText,
    Type: optionalText,
    ErrorCode: optionalText,
    Sequence: optional(z.string().check(z.regex(/^\d{1,9}$/, "must be a number"))),
    QueuedTime: z.optional(z.unknown()),
    SentTime: z.optional(z.unknown()),
    DeliveryReportTime: z.optional(z.unknown()),
  }),
  z.transform((payload, context) => {
    const name = timeNames.get(payload.Status) ?? "DeliveryReportTime";
    const parsed = time.safeParse(payload[name]);
    if (parsed.success) return { ...payload, time: parsed.data };
    return refused(context, "is not a time", [name]);
  }),
);

export type Payload = z.output<typeof payloadSchema>;
