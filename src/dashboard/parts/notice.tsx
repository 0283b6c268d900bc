/** What a page says when it has nothing to show, or when something went wrong: always with what to do next. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Problem } from "../api/problem.ts";
import { announce } from "../state/announce.ts";

interface ProblemNoticeProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  /** Paths of errors that are shown at their fields already. */
  readonly shownElsewhere?: readonly string[];
}

export function ProblemNotice({ problem, onRetry, shownElsewhere = [] }: ProblemNoticeProps) {
  const errors = problem.errors.filter(({ path }) => !shownElsewhere.includes(path));
  useEffect(() => announce(`${problem.title}. ${problem.detail}`, { seen: false }), [problem]);
  return (
    <div class="notice notice-failed">
      <p class="notice-title">{problem.title}</p>
      <p>{problem.detail}</p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ path, message }) => (
            <li key={path + message}>
              {path !== "" && <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
      {problem.requestId !== null && <p class="soft small">Request {problem.requestId}</p>}
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <section class="empty">
      <svg class="empty-mark" viewBox="0 0 48 32" width="72" height="48" aria-hidden="true">
        <path d="M3 17l9 9L29 6M21 24l2 2L40 6" />
      </svg>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Says nothing for the first moment: most answers are there before it would be read. */
export function Loading({ what }: { readonly what: string }) {
  return <p class="loading soft">Loading {what} …</p>;
}
