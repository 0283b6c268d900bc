/** Making, changing and rotating a key. */
import { changeKey, type Key, type KeyWithSecret, makeKey, rotateKey } from "../api/keys.ts";
import type { Answer } from "../api/request.ts";
import type { Problem } from "../api/problem.ts";
import { Dialog } from "../parts/dialog.tsx";
import { CheckField, SelectField, TextField } from "../parts/field.tsx";
import { listOf, RequestForm, textOf, textsOf } from "../parts/form.tsx";
import { overlapChoices } from "../parts/overlap.ts";
import { may } from "../state/session.ts";
import { scopeWords } from "../words/scope.ts";

interface NewKeyProps {
  readonly onClose: () => void;
  readonly onMade: (key: KeyWithSecret) => void;
}

const readingScopes = ["messages:read", "feed:read"];

export function NewKeyDialog({ onClose, onMade }: NewKeyProps) {
  return (
    <Dialog title="New key" onClose={onClose}>
      <RequestForm label="New key" submit="Make the key" send={sendNewKey} onDone={onMade} onCancel={onClose}>
        {(problem) => (
          <>
            <TextField label="Name" name="name" placeholder="CRM, production" problem={problem} />
            <ScopeField checked={readingScopes} problem={problem} />
            <TextField
              label="Only these sources"
              name="sources"
              problem={problem}
              hint="Ids with commas between. Left empty: all that you see. A bound key cannot make sources."
            />
            <TextField
              label="Ends"
              name="expiresAt"
              type="datetime-local"
              problem={problem}
              hint="Left empty: as long as your own key."
            />
          </>
        )}
      </RequestForm>
    </Dialog>
  );
}

interface ChangeKeyProps {
  readonly apiKey: Key;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

export function ChangeKeyDialog({ apiKey, onClose, onChanged }: ChangeKeyProps) {
  const send = (fields: FormData) =>
    changeKey(apiKey.id, { name: textOf(fields, "name") ?? "", scopes: textsOf(fields, "scopes") });
  return (
    <Dialog title={`Change ${apiKey.name}`} onClose={onClose}>
      <RequestForm label="Change the key" submit="Save" send={send} onDone={onChanged} onCancel={onClose}>
        {(problem) => (
          <>
            <TextField label="Name" name="name" initial={apiKey.name} problem={problem} />
            <ScopeField checked={apiKey.scopes} problem={problem} />
          </>
        )}
      </RequestForm>
    </Dialog>
  );
}

interface RotateKeyProps {
  readonly apiKey: Key;
  readonly onClose: () => void;
  readonly onMade: (key: KeyWithSecret) => void;
}

export function RotateKeyDialog({ apiKey, onClose, onMade }: RotateKeyProps) {
  return (
    <Dialog title={`Rotate ${apiKey.name}`} onClose={onClose}>
      <RequestForm
        label="Rotate the key"
        submit="Make a new secret"
        send={(fields) => rotateKey(apiKey.id, Number(textOf(fields, "overlapSeconds") ?? 0))}
        onDone={onMade}
        onCancel={onClose}
      >
        {(problem) => (
          <SelectField
            label="How long the old one holds as well"
            name="overlapSeconds"
            initial="86400"
            choices={overlapChoices}
            problem={problem}
          />
        )}
      </RequestForm>
    </Dialog>
  );
}

/** Only what the signed-in key has: nobody can grant more. */
function ScopeField({
  checked,
  problem,
}: {
  readonly checked: readonly string[];
  readonly problem: Problem | null;
}) {
  const choices = scopeNames
    .filter((scope) => may(scope))
    .map((scope) => ({ value: scope, label: scopeWords[scope] }));
  return <CheckField label="May" name="scopes" choices={choices} checked={checked} problem={problem} />;
}

const scopeNames = [
  "messages:read",
  "feed:read",
  "sources:read",
  "sources:write",
  "subscriptions:read",
  "subscriptions:write",
  "subscriptions:impersonate",
  "keys:write",
  "messages:erase",
] as const;

function sendNewKey(fields: FormData): Promise<Answer<KeyWithSecret>> {
  const sources = listOf(fields, "sources");
  const expiresAt = textOf(fields, "expiresAt");
  return makeKey({
    name: textOf(fields, "name") ?? "",
    scopes: textsOf(fields, "scopes"),
    ...(sources.length === 0 ? {} : { sources }),
    ...(expiresAt === null ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
  });
}
