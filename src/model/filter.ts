/** Which events somebody wants: one shape for feed, stream tokens and subscriptions. Source: API.md 5.5. */
import * as z from "zod/mini";
import { effects, type Event, messageEventTypes, operationalEventTypes } from "./event.ts";
import { type Json, jsonObjectSchema } from "./json.ts";
import { providerNames } from "./provider.ts";
import { statusSchema } from "./status.ts";
import { textUpTo } from "./text.ts";

const names = listOf(textUpTo(512), 1_000);
/** Of a wider type than it takes, so that what another release stored is a filter as well. */
const providerName: z.ZodMiniType<string> = z.enum(providerNames);

export const filterSchema = z.strictObject({
  sources: names,
  providers: listOf(providerName, 1_000),
  statuses: listOf(statusSchema, 100),
  channels: names,
  groups: names,
  recipients: names,
  effects: listOf(z.enum(effects), 10),
  metadata: z.optional(jsonObjectSchema),
  types: listOf(z.enum([...messageEventTypes, ...operationalEventTypes]), 10),
});

function listOf<Item extends z.ZodMiniType>(item: Item, itemsMax: number) {
  return z.optional(z.array(item).check(z.maxLength(itemsMax)));
}

/** As it was stored: a provider that another release knows, and this one does not, matches nothing and stops nothing. */
export const storedFilterSchema = z.strictObject({ ...filterSchema.shape, providers: names });

export type Filter = z.infer<typeof storedFilterSchema>;
export type EventTest = (event: Event) => boolean;

/**
 * One function for one filter. An empty or missing list does not restrict; every metadata pair must equal
 * (compared as text where either side is text, so that `metadata.tenant=42` from a URL finds the number 42).
 */
export function compileFilter(filter: Filter): EventTest {
  const tests: EventTest[] = [
    ...among(filter.sources, (event) => event.source),
    ...among(filter.providers, (event) => event.provider),
    ...among(filter.statuses, (event) => event.status),
    // Kept in lower case; who asks may write them as the provider does.
    ...among(
      filter.channels?.map((channel) => channel.toLowerCase()),
      (event) => event.channel,
    ),
    ...among(filter.groups, (event) => event.group),
    ...among(filter.recipients, (event) => event.recipient),
    ...among(filter.effects, (event) => event.effect),
    ...among(filter.types, (event) => event.type),
    ...Object.entries(filter.metadata ?? {}).map(([key, wanted]): EventTest => {
      const wantedText = textOf(wanted);
      return (event) =>
        Object.hasOwn(event.metadata, key) && textOf(event.metadata[key] ?? null) === wantedText;
    }),
  ];
  return (event) => tests.every((test) => test(event));
}

function among(wanted: readonly string[] | undefined, read: (event: Event) => string | null): EventTest[] {
  if (wanted === undefined || wanted.length === 0) return [];
  const set = new Set(wanted);
  return [
    (event) => {
      const value = read(event);
      return value !== null && set.has(value);
    },
  ];
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
