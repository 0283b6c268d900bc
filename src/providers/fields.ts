/**
 * The kinds of fields of which the payloads of providers consist. Every text that becomes part of an event is
 * bounded here, so that nothing that was parsed can grow an event beyond what a queue carries.
 */
import * as z from "zod/mini";
import { type Json, jsonObjectSchema } from "../model/json.ts";
import * as limits from "../model/limits.ts";
import { loose } from "../model/loose.ts";

/**
 * The id of a message. Names an object, a row and a URL: so it has no lone surrogate (which no URL can carry), no NUL
 * (at which SQL's JSON functions stop reading), and is not a step of a path (which URLs resolve, also percent-encoded).
 */
export const messageIdField = z.string().check(
  z.minLength(1, "must not be empty"),
  z.refine(
    (id) => textFits(id, limits.messageIdBytesMax),
    `must be at most ${limits.messageIdBytesMax} bytes`,
  ),
  z.refine((id) => id.isWellFormed() && !id.includes("\0"), "must be well-formed text"),
  z.refine((id) => id !== "." && id !== "..", "must not be a step of a path"),
);

/** A provider's word for a status or an event. */
export const wordField = boundedText().check(z.refine((word) => word !== "", "must not be empty"));

/** A text that may be missing: a channel, a recipient, a group. Empty is missing. */
export const optionalText = z.pipe(
  z.nullish(boundedText()),
  z.transform((text) => (text === undefined || text === "" ? null : text)),
);

/** The same, where the provider may write a number. */
export const optionalTextOrNumber = prepared(numberAsText, optionalText);

/** The same, where what is neither, or too long, is missing as well. */
export const looseTextOrNumber = loose(optionalTextOrNumber);

/** A text that only describes: an empty one is missing. Not bounded, so never part of an event as it is. */
export const looseText = loose(z.string().check(z.minLength(1)));

/** What the sender attached to the message. */
export const optionalMetadata = z
  .pipe(
    z.nullish(jsonObjectSchema),
    z.transform((metadata) => metadata ?? {}),
  )
  .check(z.refine((metadata) => jsonFits(metadata, limits.metadataBytesMax), metadataTooLarge()));

export function metadataTooLarge(): string {
  return `must be at most ${limits.metadataBytesMax} bytes`;
}

/** Something that may be missing. */
export function optional<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.pipe(
    z.nullish(schema),
    z.transform((value) => value ?? null),
  );
}

/** Something that is made readable before it is read. */
export function prepared<Schema extends z.core.$ZodType>(
  prepare: (value: unknown) => unknown,
  schema: Schema,
) {
  return z.pipe(z.transform(prepare), schema);
}

export function numberAsText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

function boundedText() {
  return z
    .string()
    .check(
      z.refine(
        (text) => textFits(text, limits.labelBytesMax),
        `must be at most ${limits.labelBytesMax} bytes`,
      ),
    );
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
  context: z.core.ParsePayload,
): string {
  const messageId = `${id}~${recipient}`;
  if (messageIdField.safeParse(messageId).success) return messageId;
  return refused(context, "makes the id of the message too long", path);
}

/** A payload whose message's id may stand in one of several places; `path` leads to the usual one. */
export function withMessageId<Schema extends z.ZodMiniType<object>>(
  schema: Schema,
  idOf: (payload: z.output<Schema>) => string | null,
  path: string[],
) {
  return z.pipe(
    schema,
    z.transform((payload: z.output<Schema>, context) => {
      const messageId = idOf(payload);
      return messageId === null ? refused(context, "must name the message", path) : { ...payload, messageId };
    }),
  );
}

/** Refuses what a transform was given. `path` leads from there to the fault. */
export function refused(context: z.core.ParsePayload, message: string, path: string[] = []): never {
  context.issues.push({ code: "custom", message, path, input: context.value });
  return z.NEVER;
}
