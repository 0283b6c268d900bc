/**
 * A message's row in D1: its columns, and a summary that leaves out what they say and what most messages show. A row of
 * over 1 KB takes a page of 4 KB more.
 *
 * The invariant: what was stored is shown as it was. A row that leaves nothing out, as rows once did, is shown too.
 */
import * as z from "zod/mini";
import { jsonObjectSchema } from "../model/json.ts";
import { type MessageSummary, messageSummarySchema } from "../model/message.ts";

const { shape } = messageSummarySchema;
const columnsShape = {
  source: shape.source,
  messageId: shape.messageId,
  provider: shape.provider,
  firstReceivedAt: shape.firstReceivedAt,
  version: shape.version,
  status: shape.status,
  channel: shape.channel,
  lastReceivedAt: shape.lastReceivedAt,
};
const columnsSchema = z.object(columnsShape);
const rowSchema = z.strictObject({ ...columnsShape, summary: z.string() });

/** As most messages show it. Rows lie for months: a value here may be taken out, and never changed. */
const usual = {
  contradicted: false,
  partial: false,
  deletedAt: null,
  recipient: null,
  group: null,
  aliases: [],
  reason: null,
  partsTotal: 1,
  overflow: 0,
  metadata: {},
} as const;

/** JSON. */
export function storedSummary(summary: MessageSummary): string {
  const { channel, ...columns } = columnsSchema.parse(summary);
  // A column can't hold every text: SQL's JSON functions end one at a NUL.
  const held = channel === null || (channel.isWellFormed() && !channel.includes("\0")) ? { channel } : {};
  const implied = { ...usual, ...columns, ...held, parts: onlyPart(summary) };
  const impliedTexts = new Map(Object.entries(implied).map(([name, value]) => [name, JSON.stringify(value)]));
  const told = Object.entries(summary).filter(
    ([name, value]) => impliedTexts.get(name) !== JSON.stringify(value),
  );
  return JSON.stringify(Object.fromEntries(told));
}

export function summaryOf(row: unknown): MessageSummary {
  const { summary, ...columns } = rowSchema.parse(row);
  const told = { ...usual, ...columns, ...jsonObjectSchema.parse(JSON.parse(summary)) };
  return messageSummarySchema.parse({ parts: onlyPart(told), ...told });
}

/** The parts of a message that has one: the message itself. */
function onlyPart({ status, statusAt, contradicted, reason }: Readonly<Record<string, unknown>>): unknown[] {
  return [{ number: 1, status, statusAt, contradicted, reason }];
}
