/** Secrets that the service shows this once: with a copy button, and gone when closed. */
import { CopyBlock } from "./copy.tsx";
import { Dialog } from "./dialog.tsx";

export interface ShownSecret {
  readonly label: string;
  readonly value: string;
}

/** Escape must not take a secret away that nobody has copied. */
const stay = () => {};

interface SecretDialogProps {
  readonly title: string;
  readonly secrets: readonly ShownSecret[];
  readonly onClose: () => void;
}

export function SecretDialog({ title, secrets, onClose }: SecretDialogProps) {
  return (
    <Dialog title={title} onClose={stay}>
      <p>Copy it now. It is shown this once and cannot be read again, only replaced.</p>
      {secrets.map(({ label, value }) => (
        <div key={label}>
          <p class="label">{label}</p>
          <CopyBlock text={value} what={label} />
        </div>
      ))}
      <div class="form-actions">
        <button type="button" class="button button-main" onClick={onClose}>
          I have copied it
        </button>
      </div>
    </Dialog>
  );
}
