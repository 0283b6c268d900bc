/** Rolls up the minute that is over, and once more the one an hour ago, for what reached the tables late. */
import { rollUp } from "./store.ts";

const minuteMs = 60_000;
const lateMinutes = 60;

export async function rollUpMinutes(env: Env, nowMs: number): Promise<void> {
  const thisMinuteMs = Math.floor(nowMs / minuteMs) * minuteMs;
  for (const ageMinutes of [1, lateMinutes]) {
    const fromMs = thisMinuteMs - ageMinutes * minuteMs;
    await rollUp(env.DB, new Date(fromMs).toISOString(), new Date(fromMs + minuteMs).toISOString());
  }
}
