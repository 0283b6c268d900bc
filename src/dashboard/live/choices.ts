/** The sources to choose from, asked for once; without the scope to list them, only the one in the address. */
import { signal } from "@preact/signals";
import { listSources } from "../api/sources.ts";
import type { Choice } from "../parts/field.tsx";
import { may } from "../state/session.ts";
import { inBackground } from "../state/background.ts";

const names = signal<readonly Choice[] | null>(null);
let asked = false;

export function sourceChoices(selected: string | undefined): Choice[] {
  if (!asked && may("sources:read")) {
    asked = true;
    inBackground(
      listSources(null).then((answer) => {
        if (answer.ok) names.value = answer.value.data.map(({ id, name }) => ({ value: id, label: name }));
        else asked = false;
      }),
    );
  }
  const choices = [{ value: "", label: "Any source" }, ...(names.value ?? [])];
  if (selected === undefined || choices.some(({ value }) => value === selected)) return choices;
  return [...choices, { value: selected, label: selected }];
}
