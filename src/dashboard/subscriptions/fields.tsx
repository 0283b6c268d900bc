/** The fields of a subscription, for making one and for changing it. */
import type { Effect } from "../../model/event.ts";
import type { Filter } from "../../model/filter.ts";
import type { Status } from "../../model/status.ts";
import type { SubscriptionView } from "../../model/subscription.ts";
import type { SubscriptionFormat } from "../../model/subscriptionWords.ts";
import type { Problem } from "../api/problem.ts";
import type { NewSubscription, SubscriptionChange } from "../api/subscriptions.ts";
import { CheckField, SelectField, TextField } from "../parts/field.tsx";
import { listOf, textOf, textsOf } from "../parts/form.tsx";
import { statusChoices, wordOf } from "../words/status.ts";

interface SubscriptionFieldsProps {
  /** Null: a new one. */
  readonly subscription: SubscriptionView | null;
  readonly problem: Problem | null;
}

const formatNames: Readonly<Record<SubscriptionFormat, string>> = {
  tickline: "Tickline: the event with everything known",
  nifteem: "As Nifteem would send it",
  callbell: "As Callbell would send it",
  texter: "As Texter would send it",
};
const formats = [
  "tickline",
  "nifteem",
  "callbell",
  "texter",
] as const satisfies readonly SubscriptionFormat[];
const effectNames: Readonly<Record<Effect, string>> = {
  advanced: "that moved the status",
  contradicted: "that contradict it",
  noted: "that are notes",
  late: "that came late",
};
const effects = ["advanced", "contradicted", "noted", "late"] as const satisfies readonly Effect[];

export function SubscriptionFields({ subscription, problem }: SubscriptionFieldsProps) {
  const filter: Filter = subscription?.filter ?? { effects: ["advanced", "contradicted", "noted"] };
  return (
    <>
      <TextField
        label="Address"
        name="url"
        type="url"
        initial={subscription?.url ?? ""}
        placeholder="https://example.com/hooks/statuses"
        problem={problem}
        hint="Of your system. It answers 2xx within the time below, and does its work afterwards."
      />
      <TextField
        label="Name"
        name="name"
        initial={subscription?.name ?? ""}
        placeholder="CRM"
        problem={problem}
      />
      <SelectField
        label="Format"
        name="format"
        initial={subscription?.format ?? "tickline"}
        choices={formats.map((format) => ({ value: format, label: formatNames[format] }))}
        problem={problem}
      />
      <FilterFields filter={filter} problem={problem} />
      <div class="field-pair">
        <TextField
          label="Seconds to answer"
          name="timeoutSeconds"
          type="number"
          initial={String(subscription?.timeoutSeconds ?? 15)}
          problem={problem}
        />
        <TextField
          label="At most per second"
          name="ratePerSecond"
          type="number"
          step="any"
          initial={subscription?.ratePerSecond?.toString() ?? ""}
          problem={problem}
          hint="Left empty: as fast as it answers."
        />
      </div>
    </>
  );
}

function FilterFields({ filter, problem }: { readonly filter: Filter; readonly problem: Problem | null }) {
  const chosenEffects = filter.effects ?? [];
  return (
    <>
      <CheckField
        label="Only events showing"
        name="statuses"
        choices={statusChoices.map((status) => ({ value: status, label: wordOf(status) }))}
        checked={filter.statuses ?? []}
        problem={problem}
        path="filter.statuses"
        hint="None checked: all of them."
      />
      <CheckField
        label="Only events"
        name="effects"
        choices={effects.map((effect) => ({ value: effect, label: effectNames[effect] }))}
        checked={chosenEffects.length === 0 ? effects : chosenEffects}
        problem={problem}
        path="filter.effects"
      />
      <TextField
        label="Only these sources"
        name="sources"
        initial={(filter.sources ?? []).join(", ")}
        problem={problem}
        path="filter.sources"
        hint="Ids with commas between. Left empty: all."
      />
    </>
  );
}

/** What the fields say. */
export function subscriptionOf(fields: FormData): NewSubscription {
  const rate = textOf(fields, "ratePerSecond");
  return {
    url: textOf(fields, "url") ?? "",
    name: textOf(fields, "name"),
    format: formats.find((format) => format === textOf(fields, "format")) ?? "tickline",
    filter: shownOf({
      statuses: statusChoices.filter((status: Status) => textsOf(fields, "statuses").includes(status)),
      effects: effects.filter((effect) => textsOf(fields, "effects").includes(effect)),
      sources: listOf(fields, "sources"),
    }),
    timeoutSeconds: Number(textOf(fields, "timeoutSeconds") ?? 15),
    ratePerSecond: rate === null ? null : Number(rate),
  };
}

/** A filter that nobody changed is left out: it may name what the service of today does not know, and would refuse. */
export function changeOf(fields: FormData, before: Filter): SubscriptionChange {
  const { filter, ...change } = subscriptionOf(fields);
  const isSame = JSON.stringify(filter) === JSON.stringify(shownOf(before));
  return isSame ? change : { ...change, filter: { ...before, ...filter } };
}

/** What the fields show of a filter; all effects are none named. */
function shownOf({ statuses = [], effects: chosen = [], sources = [] }: Filter): Filter {
  return {
    statuses: statusChoices.filter((status) => statuses.includes(status)),
    effects: chosen.length === effects.length ? [] : effects.filter((effect) => chosen.includes(effect)),
    sources,
  };
}
