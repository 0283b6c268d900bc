/** API keys: who may come in, with what, and since when they have not. */
import { useState } from "preact/hooks";
import { deleteKey, type Key, type KeyWithSecret, listKeys } from "../api/keys.ts";
import type { Problem } from "../api/problem.ts";
import { ConfirmDialog } from "../parts/dialog.tsx";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { MoreButton, useListing } from "../parts/pager.tsx";
import { PageFrame } from "../parts/page.tsx";
import { SecretDialog } from "../parts/secret.tsx";
import { announce } from "../state/announce.ts";
import { ChangeKeyDialog, NewKeyDialog, RotateKeyDialog } from "./dialogs.tsx";
import { KeyTable } from "./table.tsx";
import { inBackground } from "../state/background.ts";

export type KeyAction = "change" | "rotate" | "revoke";

interface Acting {
  readonly key: Key;
  readonly action: KeyAction;
}

export function KeysPage() {
  const listing = useListing("keys", listKeys);
  const [making, setMaking] = useState(false);
  const [acting, setActing] = useState<Acting | null>(null);
  const [made, setMade] = useState<KeyWithSecret | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const close = () => {
    setMaking(false);
    setActing(null);
  };
  const show = (key: KeyWithSecret) => {
    close();
    setMade(key);
    listing.reload();
  };
  const changed = () => {
    close();
    announce("Saved.");
    listing.reload();
  };
  const revoke = async (key: Key) => {
    const answer = await deleteKey(key.id);
    close();
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) announce(`${key.name} is revoked. It ends within ten seconds everywhere.`);
    listing.reload();
  };
  const makeButton = (
    <button type="button" class="button button-main" onClick={() => setMaking(true)}>
      New key
    </button>
  );
  const { items } = listing;
  const listProblem = problem ?? listing.problem;
  return (
    <PageFrame
      title="Keys"
      intro="One for each program and colleague, so that each can be taken back alone."
      actions={items?.length !== 0 && makeButton}
    >
      {listProblem !== null && <ProblemNotice problem={listProblem} onRetry={listing.reload} />}
      {items === null && listing.problem === null && <Loading what="keys" />}
      {items?.length === 0 && (
        <Empty title="No key yet">
          <p>Programs should not use the root key. Make a key with only the scopes that the program needs.</p>
          {makeButton}
        </Empty>
      )}
      {items !== null && items.length > 0 && (
        <KeyTable keys={items} onAct={(key, action) => setActing({ key, action })} />
      )}
      <MoreButton more={listing.more} />
      <KeyDialogs
        making={making}
        acting={acting}
        onClose={close}
        onMade={show}
        onChanged={changed}
        onRevoke={(key) => inBackground(revoke(key))}
      />
      {made !== null && (
        <SecretDialog
          title={`The key ${made.name}`}
          secrets={[{ label: "Key", value: made.key }]}
          onClose={() => setMade(null)}
        />
      )}
    </PageFrame>
  );
}

interface KeyDialogsProps {
  readonly making: boolean;
  readonly acting: Acting | null;
  readonly onClose: () => void;
  readonly onMade: (key: KeyWithSecret) => void;
  readonly onChanged: () => void;
  readonly onRevoke: (key: Key) => void;
}

function KeyDialogs({ making, acting, onClose, onMade, onChanged, onRevoke }: KeyDialogsProps) {
  if (making) return <NewKeyDialog onClose={onClose} onMade={onMade} />;
  if (acting === null) return null;
  const { key, action } = acting;
  switch (action) {
    case "change":
      return <ChangeKeyDialog apiKey={key} onClose={onClose} onChanged={onChanged} />;
    case "rotate":
      return <RotateKeyDialog apiKey={key} onClose={onClose} onMade={onMade} />;
    case "revoke":
      return (
        <ConfirmDialog
          title={`Revoke ${key.name}?`}
          action="Revoke the key"
          onConfirm={() => onRevoke(key)}
          onClose={onClose}
        >
          <p>Whoever uses it is refused from then on, and its open streams are closed.</p>
        </ConfirmDialog>
      );
  }
}
