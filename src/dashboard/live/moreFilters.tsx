/** The filters that are needed less often. */
import { TextField } from "../parts/field.tsx";
import { textOf } from "../parts/form.tsx";
import { setSearch } from "../state/address.ts";
import { rangeMs } from "../words/time.ts";
import type { LiveFilter } from "./filter.ts";

export function MoreFilters({ filter }: { readonly filter: LiveFilter }) {
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
      // Made anew when the address changes, so that its fields say what holds.
      key={JSON.stringify(filter)}
      onSubmit={(submission) => {
        submission.preventDefault();
        apply(new FormData(submission.currentTarget));
      }}
    >
      <TextField label="Provider" name="provider" value={filter.provider ?? ""} placeholder="nifteem" />
      <TextField label="Channel" name="channel" value={filter.channel ?? ""} placeholder="whatsapp" />
      <TextField label="Recipient" name="recipient" value={filter.recipient ?? ""} placeholder="+390000000" />
      <TextField label="Group" name="group" value={filter.group ?? ""} placeholder="dispatch or broadcast" />
      <TextField label="Reason code" name="reason" value={filter.reason ?? ""} placeholder="470" />
      <TextField label="From" name="from" type="datetime-local" value={localOf(filter.since)} />
      <TextField label="To" name="to" type="datetime-local" value={localOf(filter.until)} />
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
