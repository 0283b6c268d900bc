/**
 * Plivo's message status. A callback repeats the times of all that came before it, so its own is the one that
 * belongs to its status. `ParentMessageUUID` and `PartInfo` are reserved, and to be ignored.
 */
import * as z from "zod";
import { messageIdField, optional, optionalText, wordField } from "../fields.ts";
import { isoTime } from "../time.ts";

/** Absent and "" are the same in a form. */
const time = z.preprocess((text) => (text === "" ? null : text), optional(isoTime));

const timeNames: ReadonlyMap<string, "QueuedTime" | "SentTime"> = new Map([
  ["queued", "QueuedTime"],
  ["sent", "SentTime"],
]);

export const payloadSchema = z
  .object({
    MessageUUID: messageIdField,
    Status: wordField,
    To: optionalText,
    Type: optionalText,
    ErrorCode: optionalText,
    Sequence: optional(z.string().regex(/^\d{1,9}$/, "must be a number")),
    QueuedTime: z.unknown().optional(),
    SentTime: z.unknown().optional(),
    DeliveryReportTime: z.unknown().optional(),
  })
  .transform((payload, context) => {
    const name = timeNames.get(payload.Status) ?? "DeliveryReportTime";
    const parsed = time.safeParse(payload[name]);
    if (parsed.success) return { ...payload, time: parsed.data };
    context.addIssue({ code: "custom", message: "is not a time", path: [name] });
    return z.NEVER;
  });

export type Payload = z.output<typeof payloadSchema>;
