/** A healthy endpoint's time to delivery beside five that hang, over its time alone. */
import * as z from "zod";
import { benchSource, send, webhook } from "./ingest.ts";
import { addressOf, receive, until } from "./live.ts";
import { medianSpread, openLoop, type Spread, spreadOf } from "./load.ts";
import type { Tickline } from "./service.ts";

export interface IsolationFigures {
  readonly alone: Spread;
  /** As many neighbours that answer at once: what their deliveries cost anyway. */
  readonly besideHealthy: Spread;
  readonly besideHanging: Spread;
}

const perSecond = 10;
const neighboursTotal = 5;
const roundsTotal = 4;
const madeSchema = z.object({ id: z.string() });

/** In turns; medians of the rounds. */
export async function measureIsolation(tickline: Tickline, seconds: number): Promise<IsolationFigures> {
  const alone: Spread[] = [];
  const besideHealthy: Spread[] = [];
  const besideHanging: Spread[] = [];
  for (let round = 0; round < roundsTotal; round += 1) {
    alone.push(await healthyDelays(tickline, `alone-${round}`, seconds));
    const prompt = await neighbours(tickline, (reply) => reply());
    besideHealthy.push(await healthyDelays(tickline, `healthy-${round}`, seconds));
    await prompt.stop();
    const hanging = await neighbours(tickline, () => {});
    besideHanging.push(await healthyDelays(tickline, `hanging-${round}`, seconds));
    await hanging.stop();
  }
  return {
    alone: medianSpread(alone),
    besideHealthy: medianSpread(besideHealthy),
    besideHanging: medianSpread(besideHanging),
  };
}

/** Other endpoints that take every request, and answer or never do. */
async function neighbours(
  tickline: Tickline,
  answer: (reply: () => void) => void,
): Promise<{ stop(): Promise<void> }> {
  const receiver = await receive(() => {}, answer);
  const { port } = addressOf(receiver);
  const ids: string[] = [];
  for (let index = 0; index < neighboursTotal; index += 1) {
    const made = await tickline.call("POST", "/v1/subscriptions", {
      url: `http://127.0.0.1:${port}/${index}`,
      name: `neighbour ${index}`,
      timeoutSeconds: 5,
    });
    ids.push(madeSchema.parse(made).id);
  }
  return {
    async stop() {
      for (const id of ids) await tickline.call("DELETE", `/v1/subscriptions/${id}`);
      receiver.closeAllConnections();
      receiver.close();
    },
  };
}

async function healthyDelays(tickline: Tickline, run: string, seconds: number): Promise<Spread> {
  const posted = new Map<string, number>();
  const samplesMs: number[] = [];
  const healthy = await receive((body) => {
    const id = /"messageId":"([^"]+)"/.exec(body)?.[1] ?? "";
    const startedMs = posted.get(id);
    if (startedMs !== undefined) samplesMs.push(performance.now() - startedMs);
  });
  const made = await tickline.call("POST", "/v1/subscriptions", {
    url: `http://127.0.0.1:${addressOf(healthy).port}/`,
    name: `healthy ${run}`,
    filter: { sources: [benchSource] },
  });
  await openLoop(perSecond, seconds, async (index) => {
    const messageId = `isolation-${run}-${index}`;
    posted.set(messageId, performance.now());
    await send(tickline, { ...webhook(1, run), messageId });
  });
  await until(() => samplesMs.length >= posted.size);
  await tickline.call("DELETE", `/v1/subscriptions/${madeSchema.parse(made).id}`);
  healthy.closeAllConnections();
  healthy.close();
  return spreadOf(samplesMs);
}
