/**
 * Texter's status webhook. Its members are filled from string templates, so each may arrive as the text of what
 * it is documented to be: a number in quotes, a list as JSON, "null" or nothing for null.
 */
import * as z from "zod/mini";
import { type Json, jsonSchema } from "../../model/json.ts";
import { embeddedJson } from "../body.ts";
import {
  numberAsText,
  optional,
  optionalText,
  optionalTextOrNumber,
  prepared,
  wordField,
} from "../fields.ts";
import { unixMilliseconds } from "../time.ts";

const chatSchema = z.object({
  channelInfo: optional(z.object({ name: optionalText, id: optionalTextOrNumber })),
});

/** Texter says what went wrong in words; where a channel put an object there, its JSON is the words. */
const errorSchema = z.pipe(
  optional(jsonSchema),
  z.transform((error) => (error === null || error === "" || error === "null" ? null : textOf(error))),
);

const externalIdSchema = prepared(
  (value) => (typeof value === "string" ? listOf(value) : value),
  z.array(jsonSchema).check(z.minLength(1, "must hold at least one id")),
);

export const payloadSchema = z.object({
  eventName: z.literal("messageStatusChanged"),
  eventData: z.object({
    chat: prepared(templateValue, optional(chatSchema)),
    messageStatus: prepared((value) => numberAsText(templateValue(value)), wordField),
    error: errorSchema,
    timestamp: unixMilliseconds,
    externalId: externalIdSchema,
  }),
});

export type Payload = z.output<typeof payloadSchema>;

/** The value that a template put into a string. A text that is not JSON stays the text. */
export function templateValue(value: unknown): unknown {
  return value === "" ? null : embeddedJson(value);
}

/** One id may stand there bare. */
function listOf(text: string): unknown {
  const value = templateValue(text);
  if (value === null) return [];
  return Array.isArray(value) ? value : [text];
}

function textOf(error: Json): string {
  return typeof error === "string" ? error : JSON.stringify(error);
}
