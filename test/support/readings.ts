/** What holds for every reading of every provider, as a list of what is wrong with one. */
import * as z from "zod";
import type { Issue } from "../../src/model/failure.ts";
import { jsonBytes, jsonObjectSchema, jsonSchema } from "../../src/model/json.ts";
import * as limits from "../../src/model/limits.ts";
import { reasonSchema } from "../../src/model/reason.ts";
import { statusSchema } from "../../src/model/status.ts";
import type { Update } from "../../src/model/update.ts";
import type { Reading } from "../../src/providers/provider.ts";

const id = text(limits.messageIdBytesMax).refine((value) => value.isWellFormed() && !value.includes("\0"));
const label = text(limits.labelBytesMax);

const updateSchema: z.ZodType<Update> = z.strictObject({
  messageId: id,
  aliases: z.array(id).max(limits.messageAliasesMax),
  group: label.nullable(),
  part: z
    .strictObject({ number: z.int().positive(), total: z.int().positive() })
    .refine(({ number, total }) => number <= total),
  channel: label.refine((channel) => channel === channel.toLowerCase()).nullable(),
  recipient: label.nullable(),
  status: statusSchema,
  providerStatus: label,
  occurredAtMs: z.int().min(-8.64e15).max(8.64e15).nullable(),
  occurredAtText: z.string().max(100).nullable(),
  providerOrder: z.int().nullable(),
  reason: z.nullable(reasonSchema),
  metadata: jsonObjectSchema.check(z.refine((metadata) => jsonBytes(metadata) <= limits.metadataBytesMax)),
  raw: jsonSchema.check(z.refine((raw) => jsonBytes(raw) <= limits.rawBytesMax)),
  rawTruncated: z.boolean(),
  providerEventId: z.string().max(1_024).nullable(),
});

export function faultsOf(reading: Reading): string[] {
  if (reading.kind === "ignored") return [];
  if (reading.kind === "invalid") return reading.issues.length > 0 ? [] : ["invalid without an issue"];
  return [
    ...reading.updates.flatMap(faultsOfUpdate),
    ...reading.bad.flatMap((item) => (item.issues.length > 0 ? [] : ["a bad item without an issue"])),
    ...(reading.updates.length === 0 && reading.bad.length > 0 ? ["nothing good, and not invalid"] : []),
  ];
}

function faultsOfUpdate(update: Update): string[] {
  const parsed = updateSchema.safeParse(update);
  const faults = parsed.success ? [] : [parsed.error.message];
  if (update.rawTruncated && update.raw !== null) faults.push("raw is there, and said to be truncated");
  try {
    // What crosses objects and queues.
    structuredClone(update);
  } catch (error) {
    faults.push(String(error));
  }
  return faults;
}

/** A reading in the shape of the fixtures' expectations. */
export function summaryOf(reading: Reading): object {
  if (reading.kind === "ignored") return reading;
  if (reading.kind === "invalid") return { kind: "invalid", paths: pathsOf(reading.issues) };
  return { kind: "updates", updates: reading.updates, bad: reading.bad.map((item) => pathsOf(item.issues)) };
}

function pathsOf(issues: readonly Issue[]): string[] {
  return issues.map((issue) => issue.path);
}

function text(bytesMax: number) {
  return z.string().refine((value) => value !== "" && new TextEncoder().encode(value).byteLength <= bytesMax);
}
