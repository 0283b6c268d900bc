/** The one polite status region of the page: always there, so that readers of the screen hear each change. */
import { announcement } from "../state/announce.ts";

export function StatusRegion() {
  const { text, seen } = announcement.value;
  return (
    <div
      role="status"
      aria-live="polite"
      class={seen ? "status-region status-region-shown" : "status-region"}
    >
      {text}
    </div>
  );
}
