/** A form that asks the API: one request at a time, its failure shown above the button, its fields kept. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../api/problem.ts";
import type { Answer } from "../api/request.ts";
import { ProblemNotice } from "./notice.tsx";
import { inBackground } from "../state/background.ts";

interface FormProps<Value> {
  readonly label: string;
  readonly submit: string;
  readonly send: (fields: FormData) => Promise<Answer<Value>>;
  readonly onDone: (value: Value) => void;
  readonly onCancel?: () => void;
  readonly children: (problem: Problem | null) => ComponentChildren;
}

export function RequestForm<Value>({ label, submit, send, onDone, onCancel, children }: FormProps<Value>) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // The first field that the service refused is where the person goes on.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [problem]);
  const ask = async (fields: FormData) => {
    setBusy(true);
    const answer = await send(fields);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onDone(answer.value);
  };
  return (
    <form
      ref={form}
      class="form"
      aria-label={label}
      noValidate
      onSubmit={(submission) => {
        submission.preventDefault();
        if (!busy) inBackground(ask(new FormData(submission.currentTarget)));
      }}
    >
      {children(problem)}
      {problem !== null && <ProblemNotice problem={problem} />}
      <div class="form-actions">
        <button type="submit" class="button button-main" aria-disabled={busy}>
          {busy ? "Working …" : submit}
        </button>
        {onCancel !== undefined && (
          <button type="button" class="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

/** A field's text; null where it is empty. */
export function textOf(fields: FormData, name: string): string | null {
  const value = fields.get(name);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

export function textsOf(fields: FormData, name: string): string[] {
  return fields.getAll(name).flatMap((value) => (typeof value === "string" ? [value] : []));
}

/** "a, b" → ["a", "b"] */
export function listOf(fields: FormData, name: string): string[] {
  const text = textOf(fields, name) ?? "";
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
