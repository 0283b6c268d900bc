/** The filters of the live table. All of them stand in the address, so that a view can be reloaded and shared. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { SelectField } from "../parts/field.tsx";
import { navigate, setSearch } from "../state/address.ts";
import { statusChoices, wordOf } from "../words/status.ts";
import type { LiveFilter } from "./filter.ts";
import { MoreFilters } from "./moreFilters.tsx";
import { sourceChoices } from "./choices.ts";

const ranges = [
  { value: "", label: "Any time" },
  { value: "15m", label: "Last 15 minutes" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "custom", label: "From … to …" },
];
const anyStatus = { value: "", label: "Any status" };
const statusOptions = [
  anyStatus,
  ...statusChoices.map((status) => ({ value: status, label: wordOf(status) })),
];
const hidden = ["provider", "channel", "recipient", "group", "reason"] as const;

export function FilterBar({ filter }: { readonly filter: LiveFilter }) {
  const isCustom = filter.until !== undefined || !ranges.some(({ value }) => value === (filter.since ?? ""));
  const [moreOpen, setMoreOpen] = useState(isCustom);
  const hiddenCount = hidden.filter((name) => filter[name] !== undefined).length;
  const sources = sourceChoices(filter.source);
  return (
    <search class="filters">
      <div class="filter-row">
        <SearchBox value={filter.q ?? ""} />
        <SelectField
          label="Status"
          name="status"
          value={filter.status ?? ""}
          choices={statusOptions}
          onChange={(status) => setSearch({ status })}
        />
        <SelectField
          label="Source"
          name="source"
          value={filter.source ?? ""}
          choices={sources}
          onChange={(source) => setSearch({ source })}
        />
        <SelectField
          label="Time"
          name="since"
          value={isCustom ? "custom" : (filter.since ?? "")}
          choices={ranges}
          onChange={(since) => {
            if (since === "custom") setMoreOpen(true);
            else setSearch({ since, until: null });
          }}
        />
        <button
          type="button"
          class="button filter-more"
          aria-expanded={moreOpen}
          aria-controls="more-filters"
          onClick={() => setMoreOpen(!moreOpen)}
        >
          {hiddenCount === 0 ? "More filters" : `More filters (${hiddenCount})`}
        </button>
        {Object.keys(filter).length > 0 && (
          <button type="button" class="button button-quiet" onClick={() => navigate("/")}>
            Clear
          </button>
        )}
      </div>
      <div id="more-filters" hidden={!moreOpen}>
        {moreOpen && <MoreFilters filter={filter} />}
      </div>
    </search>
  );
}

function SearchBox({ value }: { readonly value: string }) {
  const input = useRef<HTMLInputElement>(null);
  // Before anybody can type: later, it would take away what was typed.
  useLayoutEffect(() => {
    if (input.current !== null) input.current.value = value;
  }, [value]);
  useLayoutEffect(() => {
    const focusSearch = (press: KeyboardEvent) => {
      if (press.key.toLowerCase() !== "k" || !(press.ctrlKey || press.metaKey)) return;
      press.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener("keydown", focusSearch);
    return () => removeEventListener("keydown", focusSearch);
  }, []);
  return (
    <form
      class="field search-box"
      onSubmit={(submission) => {
        submission.preventDefault();
        setSearch({ q: input.current?.value.trim() ?? null });
      }}
    >
      <label htmlFor="search">Search</label>
      <input
        ref={input}
        id="search"
        type="search"
        placeholder="Id, alias or recipient"
        aria-keyshortcuts="Control+K Meta+K"
        autoComplete="off"
        spellcheck={false}
      />
      <button type="submit" class="button">
        Find
      </button>
    </form>
  );
}
