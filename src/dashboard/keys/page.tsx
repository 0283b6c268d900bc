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

export function KeysPage() {
  const listing = useListing("keys", listKeys);
  const [making, setMaking] = useState(false);
  const [acting, setActing] = useState<{ readonly key: Key; readonly action: KeyAction } | null>(null);
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
      actions={makeButton}
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
      {making && <NewKeyDialog onClose={close} onMade={show} />}
      {acting?.action === "change" && (
        <ChangeKeyDialog apiKey={acting.key} onClose={close} onChanged={changed} />
      )}
      {acting?.action === "rotate" && <RotateKeyDialog apiKey={acting.key} onClose={close} onMade={show} />}
      {acting?.action === "revoke" && (
        <ConfirmDialog
          title={`Revoke ${acting.key.name}?`}
          action="Revoke the key"
          onConfirm={() => inBackground(revoke(acting.key))}
          onClose={close}
        >
          <p>Whoever uses it is refused from then on, and its open streams are closed.</p>
        </ConfirmDialog>
      )}
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
