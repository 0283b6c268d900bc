/** The filters that are needed less often. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { TextField } from "../parts/field.tsx";
import { textOf } from "../parts/form.tsx";
import { setSearch } from "../state/address.ts";
import { rangeMs } from "../words/time.ts";
import type { LiveFilter } from "./filter.ts";

export function MoreFilters({ filter }: { readonly filter: LiveFilter }) {
  const form = useRef<HTMLFormElement>(null);
  // When the address changes, the fields say what holds now.
  useLayoutEffect(() => form.current?.reset(), [filter]);
  const apply = (fields: FormData) => {
    const from = utcOf(textOf(fields, "from"));
    setSearch({
      provider: textOf(fields, "provider"),
      channel: textOf(fields, "channel"),
      recipient: textOf(fields, "recipient"),
      group: textOf(fields, "group"),
      reason: textOf(fields, "reason"),
      until: utcOf(textOf(fields, "to")),
      ...(from === null && isRange(filter.since) ? {} : { since: from }),
    });
  };
  return (
    <form
      class="filter-row more-filters"
      ref={form}
      onSubmit={(submission) => {
        submission.preventDefault();
        apply(new FormData(submission.currentTarget));
      }}
    >
      <TextField label="Provider" name="provider" initial={filter.provider ?? ""} placeholder="nifteem" />
      <TextField label="Channel" name="channel" initial={filter.channel ?? ""} placeholder="whatsapp" />
      <TextField
        label="Recipient"
        name="recipient"
        initial={filter.recipient ?? ""}
        placeholder="+390000000"
      />
      <TextField
        label="Group"
        name="group"
        initial={filter.group ?? ""}
        placeholder="dispatch or broadcast"
      />
      <TextField label="Reason code" name="reason" initial={filter.reason ?? ""} placeholder="470" />
      <TextField label="From" name="from" type="datetime-local" initial={localOf(filter.since)} />
      <TextField label="To" name="to" type="datetime-local" initial={localOf(filter.until)} />
      <button type="submit" class="button">
        Apply
      </button>
    </form>
  );
}

function isRange(since: string | undefined): boolean {
  return since === undefined || rangeMs(since) !== null;
}

function utcOf(local: string | null): string | null {
  if (local === null) return null;
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** As the field wants it: local, without a zone. */
function localOf(time: string | undefined): string {
  const date = new Date(time ?? "");
  if (Number.isNaN(date.getTime())) return "";
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
