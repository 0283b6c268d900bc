/** Fields of forms: a label, a hint, and what the service found wrong with the value, tied together for every reader. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Problem } from "../api/problem.ts";

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly hint?: ComponentChildren;
  /** The last answer; its errors at `path`, or at the field's name, are shown here. */
  readonly problem?: Problem | null;
  readonly path?: string;
}

/** One member each, since what else an input may have depends on its type. */
const inputTypes = {
  text: { type: "text" },
  url: { type: "url" },
  number: { type: "number" },
  password: { type: "password" },
  "datetime-local": { type: "datetime-local" },
} as const;

interface InputProps extends FieldProps {
  /** What stands in it at first; then it is the person's, also after the service refused it. */
  readonly initial?: string;
  readonly type?: keyof typeof inputTypes;
  readonly placeholder?: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: string;
}

export function TextField({
  label,
  name,
  hint,
  problem = null,
  path = name,
  type = "text",
  initial = "",
  ...input
}: InputProps) {
  const id = useId();
  const error = errorAt(problem, path);
  return (
    <div class="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        autoComplete="off"
        spellcheck={false}
        defaultValue={initial}
        {...input}
        {...inputTypes[type]}
        aria-invalid={error !== null}
        aria-describedby={`${id}-hint`}
      />
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface SelectProps extends FieldProps {
  /** What is chosen at first. */
  readonly initial?: string;
  /** What is chosen, where its owner decides; then `onChange` is told what the person wants. */
  readonly value?: string;
  readonly choices: readonly Choice[];
  readonly onChange?: (value: string) => void;
}

export function SelectField({
  label,
  name,
  hint,
  problem = null,
  path = name,
  initial,
  value,
  choices,
  onChange,
}: SelectProps) {
  const id = useId();
  const error = errorAt(problem, path);
  return (
    <div class="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        name={name}
        {...(value === undefined ? {} : { value })}
        aria-invalid={error !== null}
        aria-describedby={`${id}-hint`}
        onChange={(change) => onChange?.(change.currentTarget.value)}
      >
        {choices.map((choice) => (
          <option
            key={choice.value}
            value={choice.value}
            {...(choice.value === initial ? { selected: true } : {})}
          >
            {choice.label}
          </option>
        ))}
      </select>
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  );
}

interface ChecksProps extends FieldProps {
  readonly choices: readonly Choice[];
  readonly checked: readonly string[];
}

/** Several of a few: one box each, all of one name. */
export function CheckField({
  label,
  name,
  hint,
  problem = null,
  path = name,
  choices,
  checked,
}: ChecksProps) {
  const id = useId();
  return (
    <fieldset class="field" aria-describedby={`${id}-hint`}>
      <legend>{label}</legend>
      <div class="checks">
        {choices.map((choice) => (
          <label key={choice.value} class="check">
            <input
              type="checkbox"
              name={name}
              value={choice.value}
              defaultChecked={checked.includes(choice.value)}
            />
            {choice.label}
          </label>
        ))}
      </div>
      <FieldNote id={id} hint={hint} error={errorAt(problem, path)} />
    </fieldset>
  );
}

function FieldNote({
  id,
  hint,
  error,
}: {
  readonly id: string;
  readonly hint: ComponentChildren;
  readonly error: string | null;
}) {
  return (
    <p id={`${id}-hint`} class="field-note">
      {error !== null && <strong class="field-error">{error}. </strong>}
      {hint}
    </p>
  );
}

/** A fault of one element of a list belongs to the list's field; what lies deeper has a field of its own. */
function errorAt(problem: Problem | null, path: string): string | null {
  const found = problem?.errors.find((error) => error.path.replace(/\[\d+\]$/, "") === path);
  return found === undefined ? null : found.message.charAt(0).toUpperCase() + found.message.slice(1);
}
