/** The list of keys. */
import type { Key } from "../api/keys.ts";
import { Ago, Moment } from "../parts/time.tsx";
import type { KeyAction } from "./page.tsx";

interface KeyTableProps {
  readonly keys: readonly Key[];
  readonly onAct: (key: Key, action: KeyAction) => void;
}

const columns = ["Name", "May", "Sources", "Last used", "Ends", ""];
const actions: readonly { readonly action: KeyAction; readonly label: string }[] = [
  { action: "change", label: "Change" },
  { action: "rotate", label: "Rotate" },
  { action: "revoke", label: "Revoke" },
];

export function KeyTable({ keys, onAct }: KeyTableProps) {
  return (
    <table class="table" role="table">
      <caption class="unseen">Keys</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name === "" ? <span class="unseen">Actions</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} onAct={onAct} />
        ))}
      </tbody>
    </table>
  );
}

function KeyRow({ apiKey, onAct }: { readonly apiKey: Key; readonly onAct: KeyTableProps["onAct"] }) {
  const { id, name, scopes, sources, lastUsedAt, expiresAt } = apiKey;
  return (
    <tr role="row">
      <td role="cell">
        <strong>{name}</strong>
        <div class="soft small mono">{id}</div>
      </td>
      <td role="cell">
        <span class="tags">
          {scopes.map((scope) => (
            <span key={scope} class="tag">
              {scope}
            </span>
          ))}
        </span>
      </td>
      <td role="cell" data-label="Sources">
        {sources === null ? "all" : sources.join(", ")}
      </td>
      <td role="cell" data-label="Last used">
        {lastUsedAt === null ? (
          <span class="soft">never</span>
        ) : (
          <>
            <Ago time={lastUsedAt} />
          </>
        )}
      </td>
      <td role="cell" data-label="Ends">
        {expiresAt === null ? <span class="soft">never</span> : <Moment time={expiresAt} />}
      </td>
      <td role="cell">
        <span class="row-actions">
          {actions.map(({ action, label }) => (
            <button
              key={action}
              type="button"
              class={action === "revoke" ? "button button-small button-danger" : "button button-small"}
              aria-label={`${label} ${name}`}
              onClick={() => onAct(apiKey, action)}
            >
              {label}
            </button>
          ))}
        </span>
      </td>
    </tr>
  );
}
