/** The name, with its two ticks. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="9" />
        <path d="M5 17l5 5L20 10M15.5 21.2l.9.8L27 10" />
      </svg>
      Tickline
    </span>
  );
}
