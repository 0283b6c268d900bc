/** A filter as a sentence. */
import type { Effect } from "../../model/event.ts";
import type { Filter } from "../../model/filter.ts";

const allEffects = ["advanced", "contradicted", "noted", "late"] as const satisfies readonly Effect[];
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
  const restrictions = parts.length === 0 ? "All events" : `Events ${parts.join(", ")}`;
  return isAllButLate(effects) ? `${restrictions}, but none that came late` : restrictions;
}

function effectsText(effects: readonly Effect[]): string[] {
  if (effects.length === 0 || effects.length === allEffects.length || isAllButLate(effects)) return [];
  return [`that ${orList(effects.map((effect) => effectWords[effect]))}`];
}

/** What most want, and so said shortest. */
function isAllButLate(effects: readonly Effect[]): boolean {
  return allEffects.every((effect) => effects.includes(effect) === (effect !== "late"));
}

function among(word: string, values: readonly string[] | undefined): string[] {
  return values === undefined || values.length === 0 ? [] : [`${word} ${orList(values)}`];
}

function orList(values: readonly string[]): string {
  if (values.length < 2) return values.join("");
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}`;
}
