/**
 * The kinds of fields of which the payloads of providers consist. Every text that becomes part of an event is
 * bounded here, so that nothing that was parsed can grow an event beyond what a queue carries.
 */
import * as z from "zod";
import { type Json, jsonObjectSchema } from "../model/json.ts";
import { limits } from "../model/limits.ts";

/**
 * The id of a message. Names an object, a row and a URL: so it has no lone surrogate (which no URL can carry), no NUL
 * (at which SQL's JSON functions stop reading), and is not a step of a path (which URLs resolve, also percent-encoded).
 */
export const messageIdField = z
  .string()
  .min(1, "must not be empty")
  .refine((id) => textFits(id, limits.messageIdBytesMax), `must be at most ${limits.messageIdBytesMax} bytes`)
  .refine((id) => id.isWellFormed() && !id.includes("\0"), "must be well-formed text")
  .refine((id) => id !== "." && id !== "..", "must not be a step of a path");

/** A provider's word for a status or an event. */
export const wordField = boundedText().refine((word) => word !== "", "must not be empty");

/** A text that may be missing: a channel, a recipient, a group. Empty is missing. */
export const optionalText = boundedText()
  .nullish()
  .transform((text) => (text === undefined || text === "" ? null : text));

/** The same, where the provider may write a number. */
export const optionalTextOrNumber = z.preprocess(numberAsText, optionalText);

/** A text that only describes: what is not one, or is empty, is missing. Not bounded, so never part of an event as it is. */
export const looseText = optional(z.string().min(1)).catch(null);

/** What the sender attached to the message. */
export const optionalMetadata = jsonObjectSchema
  .nullish()
  .transform((metadata) => metadata ?? {})
  .refine((metadata) => jsonFits(metadata, limits.metadataBytesMax), metadataTooLarge());

export function metadataTooLarge(): string {
  return `must be at most ${limits.metadataBytesMax} bytes`;
}

/** Something that may be missing. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? null);
}

export function numberAsText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

function boundedText() {
  return z
    .string()
    .refine((text) => textFits(text, limits.labelBytesMax), `must be at most ${limits.labelBytesMax} bytes`);
}

/** Whether a text is at most so many bytes in UTF-8. Most are so short that nothing needs to be encoded. */
export function textFits(text: string, bytesMax: number): boolean {
  return text.length * 3 <= bytesMax || new TextEncoder().encode(text).byteLength <= bytesMax;
}

/** The same for a value as JSON. */
export function jsonFits(value: Json, bytesMax: number): boolean {
  return textFits(JSON.stringify(value), bytesMax);
}

/**
 * The id of the message to one of several recipients whom one id of the provider's covers. `path` is where the
 * recipient stands.
 */
export function recipientMessageId(
  id: string,
  recipient: string,
  path: string[],
  context: z.RefinementCtx,
): string {
  const messageId = `${id}~${recipient}`;
  if (messageIdField.safeParse(messageId).success) return messageId;
  context.addIssue({ code: "custom", message: "makes the id of the message too long", path });
  return z.NEVER;
}
