/** A filter as a sentence. */
import type { Filter } from "../../model/filter.ts";

const allEffects = 4;

export function filterSentence(filter: Filter): string {
  const { effects = [], metadata = {} } = filter;
  const parts = [
    ...among("of", filter.sources),
    ...among("of", filter.providers),
    ...among("through", filter.channels),
    ...among("in", filter.groups),
    ...among("to", filter.recipients),
    ...among("showing", filter.statuses),
    ...among("of type", filter.types),
    ...(effects.length === 0 || effects.length === allEffects ? [] : [`that were ${orList(effects)}`]),
    ...Object.entries(metadata).map(
      ([key, value]) => `with ${key} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
    ),
  ];
  return parts.length === 0 ? "All events" : `Events ${parts.join(", ")}`;
}

function among(word: string, values: readonly string[] | undefined): string[] {
  return values === undefined || values.length === 0 ? [] : [`${word} ${orList(values)}`];
}

function orList(values: readonly string[]): string {
  if (values.length < 2) return values.join("");
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}`;
}
