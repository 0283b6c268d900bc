/** A replay as it goes: how much it has looked at, how much it sends again. */
import { useEffect, useState } from "preact/hooks";
import type { Replay } from "../../model/subscription.ts";
import { readReplay } from "../api/subscriptions.ts";
import { announce } from "../state/announce.ts";
import { inBackground } from "../state/background.ts";

const askEveryMs = 1_000;

interface ReplayProgressProps {
  readonly replay: Replay;
  /** The log has changed. */
  readonly onProgress: () => void;
}

export function ReplayProgress({ replay: started, onProgress }: ReplayProgressProps) {
  const [replay, setReplay] = useState(started);
  const isRunning = replay.state === "running";
  useEffect(() => {
    if (!isRunning) {
      announce(`The replay is ${replay.state}: ${sent(replay)}.`);
      onProgress();
      return;
    }
    const timer = setInterval(() => {
      inBackground(
        readReplay(replay.subscription, replay.id).then((answer) => {
          if (answer.ok) setReplay(answer.value);
        }),
      );
    }, askEveryMs);
    return () => clearInterval(timer);
  }, [isRunning]);
  return (
    <section class="card" aria-labelledby="replay-title">
      <h2 id="replay-title">
        {isRunning ? "Replaying …" : replay.state === "done" ? "Replay done" : "Replay canceled"}
      </h2>
      <progress aria-label="Replay" {...(isRunning ? {} : { value: 1, max: 1 })} />
      <p>
        {replay.scanned} {replay.scanned === 1 ? "event" : "events"} looked at, {sent(replay)}.
      </p>
    </section>
  );
}

function sent({ replayed }: Replay): string {
  return replayed === 1 ? "1 is sent again" : `${replayed} are sent again`;
}
