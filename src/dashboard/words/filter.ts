/** A filter as a sentence. */
import type { Effect } from "../../model/event.ts";
import type { Filter } from "../../model/filter.ts";

const effectWords: Readonly<Record<Effect, string>> = {
  advanced: "moved the status",
  contradicted: "contradict it",
  noted: "are notes",
  late: "came late",
};

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
    ...effectsText(effects),
    ...Object.entries(metadata).map(
      ([key, value]) => `with ${key} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
    ),
  ];
  return parts.length === 0 ? "All events" : `Events ${parts.join(", ")}`;
}

/** What most want is said shortest. */
function effectsText(effects: readonly Effect[]): string[] {
  const missing = (["advanced", "contradicted", "noted", "late"] as const).filter(
    (effect) => !effects.includes(effect),
  );
  if (effects.length === 0 || missing.length === 0) return [];
  if (missing.length === 1 && missing[0] === "late") return ["without those that came late"];
  return [`that ${orList(effects.map((effect) => effectWords[effect]))}`];
}

function among(word: string, values: readonly string[] | undefined): string[] {
  return values === undefined || values.length === 0 ? [] : [`${word} ${orList(values)}`];
}

function orList(values: readonly string[]): string {
  if (values.length < 2) return values.join("");
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}`;
}
