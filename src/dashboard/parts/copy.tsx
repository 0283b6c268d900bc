/** Copies a text, and says so. */
import { useEffect, useState } from "preact/hooks";
import { announce } from "../state/announce.ts";
import { inBackground } from "../state/background.ts";

interface CopyProps {
  readonly text: string;
  /** What is copied, for the label and for what is announced: "the message id". */
  readonly what: string;
}

const doneShownMs = 2_000;

export function CopyButton({ text, what }: CopyProps) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    const timer = done ? setTimeout(() => setDone(false), doneShownMs) : 0;
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      announce(`Copied ${what}.`);
    } catch {
      announce(`The browser did not allow to copy. Select ${what} and copy it by hand.`);
    }
  };
  return (
    <button
      type="button"
      class="button button-small"
      aria-label={done ? `Copied ${what}` : `Copy ${what}`}
      onClick={() => inBackground(copy())}
    >
      {done ? "Copied" : "Copy"}
    </button>
  );
}

/** A line or block of code with its copy button. */
export function CopyBlock({ text, what }: CopyProps) {
  return (
    <div class="copy-block">
      {/* Scrollable, so it must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label={what}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
