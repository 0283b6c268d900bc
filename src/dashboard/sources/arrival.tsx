/** Whether webhooks arrive: waits for the first one, and lights up when it is there. */
import { useEffect, useRef } from "preact/hooks";
import type { Source } from "../api/sources.ts";
import { Ago } from "../parts/time.tsx";
import { announce } from "../state/announce.ts";

/** Somebody sits in front of it and waits. */
const askEveryMs = 2_000;

interface ArrivalProps {
  readonly source: Source;
  readonly reload: () => void;
}

export function Arrival({ source, reload }: ArrivalProps) {
  const { lastReceivedAt, status, counts } = source;
  const waited = useRef(false);
  const isWaiting = lastReceivedAt === null && status === "active";
  useEffect(() => {
    if (!isWaiting) {
      if (waited.current) announce("The first webhook has arrived.");
      return;
    }
    waited.current = true;
    const timer = setInterval(reload, askEveryMs);
    return () => clearInterval(timer);
  }, [isWaiting]);
  if (status === "inactive") return <p class="arrival">Switched off: webhooks are answered 404.</p>;
  if (lastReceivedAt !== null) {
    return (
      <p class="arrival arrival-live">
        <Dot /> Webhooks arrive; the last one <Ago time={lastReceivedAt} />.{" "}
        <a href={`/?source=${encodeURIComponent(source.id)}`}>See its messages</a>
      </p>
    );
  }
  return (
    <p class="arrival">
      <Dot /> Waiting for the first webhook …
      {counts.refused > 0 &&
        ` ${counts.refused} came with a wrong credential and were refused: compare the secret.`}
    </p>
  );
}

function Dot() {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <circle cx="6" cy="6" r="5" />
    </svg>
  );
}
