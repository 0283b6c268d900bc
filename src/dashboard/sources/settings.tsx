/** What can be changed of a source: its name, its rate, whether it takes webhooks, its secrets, and that it exists. */
import { useState } from "preact/hooks";
import { changeSource, deleteSource, rotateSource, type Source } from "../api/sources.ts";
import type { Problem } from "../api/problem.ts";
import { ConfirmDialog, Dialog } from "../parts/dialog.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { RequestForm, textOf } from "../parts/form.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { overlapChoices } from "../parts/overlap.ts";
import { navigate } from "../state/address.ts";
import { announce } from "../state/announce.ts";
import { freshSource } from "./fresh.ts";
import { inBackground } from "../state/background.ts";

interface SourceSettingsProps {
  readonly source: Source;
  readonly onChange: (source: Source) => void;
  readonly reload: () => void;
}

export function SourceSettings({ source, onChange, reload }: SourceSettingsProps) {
  const [open, setOpen] = useState<"rotate" | "delete" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isActive = source.status === "active";
  const switchIt = async () => {
    const answer = await changeSource(source.id, { status: isActive ? "inactive" : "active" });
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    onChange(answer.value);
    announce(isActive ? "The source is switched off." : "The source is switched on.");
  };
  const remove = async () => {
    const answer = await deleteSource(source.id);
    setOpen(null);
    if (!answer.ok) return setProblem(answer.problem);
    announce(`${source.name} is deleted.`);
    navigate("/sources");
  };
  return (
    <section class="card" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      <SettingsForm source={source} onChange={onChange} />
      {problem !== null && <ProblemNotice problem={problem} />}
      <div class="form-actions">
        <button type="button" class="button" onClick={() => setOpen("rotate")}>
          Rotate secrets
        </button>
        <button type="button" class="button" onClick={() => inBackground(switchIt())}>
          {isActive ? "Switch off" : "Switch on"}
        </button>
        <button type="button" class="button button-danger" onClick={() => setOpen("delete")}>
          Delete
        </button>
      </div>
      {open === "rotate" && <RotateDialog source={source} onClose={() => setOpen(null)} reload={reload} />}
      {open === "delete" && (
        <ConfirmDialog
          title={`Delete ${source.name}?`}
          action="Delete the source"
          onConfirm={() => inBackground(remove())}
          onClose={() => setOpen(null)}
        >
          <p>Its address answers 404 from then on. Messages that it brought stay.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function SettingsForm({ source, onChange }: Pick<SourceSettingsProps, "source" | "onChange">) {
  const send = (fields: FormData) => {
    const perSecond = textOf(fields, "perSecond");
    const burst = textOf(fields, "burst");
    return changeSource(source.id, {
      name: textOf(fields, "name") ?? source.name,
      rateLimit:
        perSecond === null ? null : { perSecond: Number(perSecond), burst: Number(burst ?? perSecond) },
    });
  };
  const done = (changed: Source) => {
    onChange(changed);
    announce("Saved.");
  };
  return (
    <RequestForm label="Settings of the source" submit="Save" send={send} onDone={done}>
      {(problem) => (
        <>
          <TextField label="Name" name="name" initial={source.name} problem={problem} />
          <div class="field-pair">
            <TextField
              label="Webhooks per second"
              name="perSecond"
              type="number"
              initial={source.rateLimit?.perSecond.toString() ?? ""}
              path="rateLimit.perSecond"
              problem={problem}
              hint="More are answered 429. Left empty: no limit."
            />
            <TextField
              label="At once after a silence"
              name="burst"
              type="number"
              initial={source.rateLimit?.burst.toString() ?? ""}
              path="rateLimit.burst"
              problem={problem}
            />
          </div>
        </>
      )}
    </RequestForm>
  );
}

interface RotateDialogProps {
  readonly source: Source;
  readonly onClose: () => void;
  readonly reload: () => void;
}

function RotateDialog({ source, onClose, reload }: RotateDialogProps) {
  return (
    <Dialog title="Rotate secrets" onClose={onClose}>
      <RequestForm
        label="Rotate secrets"
        submit="Make new secrets"
        send={(fields) => rotateSource(source.id, Number(textOf(fields, "overlapSeconds") ?? 0))}
        onDone={(rotated) => {
          freshSource.value = rotated;
          onClose();
          reload();
        }}
        onCancel={onClose}
      >
        {(problem) => (
          <SelectField
            label="How long the old ones hold as well"
            name="overlapSeconds"
            initial="86400"
            choices={overlapChoices}
            problem={problem}
            hint="Long enough to change them at the provider."
          />
        )}
      </RequestForm>
    </Dialog>
  );
}
