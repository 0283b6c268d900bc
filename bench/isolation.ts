/** A healthy endpoint's time to delivery beside five that hang, over its time alone. */
import { type Spread, spreadOf } from "./load.ts";
import type { Tickline } from "./service.ts";
import { openSubscribers, openTimedSubscribers, type Subscribers } from "./subscribers.ts";

export interface IsolationFigures {
  readonly alone: Spread;
  /** As many neighbours that answer at once: what their deliveries cost anyway. */
  readonly besideHealthy: Spread;
  readonly besideHanging: Spread;
}

const perSecond = 10;
const neighboursTotal = 5;
const roundsTotal = 6;

/** In turns, and each figure of all its deliveries: of one round the p99 would be a single one. */
export async function measureIsolation(tickline: Tickline, seconds: number): Promise<IsolationFigures> {
  const alone: number[] = [];
  const besideHealthy: number[] = [];
  const besideHanging: number[] = [];
  for (let round = 0; round < roundsTotal; round += 1) {
    alone.push(...(await healthyDelays(tickline, `alone-${round}`, seconds)));
    const prompt = await neighbours(tickline, (reply) => reply());
    besideHealthy.push(...(await healthyDelays(tickline, `healthy-${round}`, seconds)));
    await prompt.stop();
    const hanging = await neighbours(tickline, () => {});
    besideHanging.push(...(await healthyDelays(tickline, `hanging-${round}`, seconds)));
    await hanging.stop();
  }
  return {
    alone: spreadOf(alone),
    besideHealthy: spreadOf(besideHealthy),
    besideHanging: spreadOf(besideHanging),
  };
}

/** Other endpoints that take every request, and answer or never do. */
function neighbours(tickline: Tickline, answer: (reply: () => void) => void): Promise<Subscribers> {
  return openSubscribers(tickline, { total: neighboursTotal, settings: { timeoutSeconds: 5 }, answer });
}

async function healthyDelays(tickline: Tickline, run: string, seconds: number): Promise<readonly number[]> {
  const healthy = await openTimedSubscribers(tickline, 1);
  const samplesMs = await healthy.delaysMs(`isolation-${run}`, perSecond, seconds);
  await healthy.stop();
  return samplesMs;
}
