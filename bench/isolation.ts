/** A healthy endpoint's time to delivery beside five that hang, over its time alone. */
import { benchSource, send, webhook } from "./ingest.ts";
import { addressOf, receive, until } from "./live.ts";
import { openLoop, type Spread, spreadOf } from "./load.ts";
import type { Tickline } from "./service.ts";

export interface IsolationFigures {
  readonly alone: Spread;
  readonly besideHanging: Spread;
}

const perSecond = 5;
const hangingTotal = 5;

export async function measureIsolation(tickline: Tickline, seconds: number): Promise<IsolationFigures> {
  const alone = await healthyDelays(tickline, "alone", seconds);
  const hanging = await receive(
    () => {},
    () => {},
  );
  const { port } = addressOf(hanging);
  for (let index = 0; index < hangingTotal; index += 1) {
    await tickline.call("POST", "/v1/subscriptions", {
      url: `http://127.0.0.1:${port}/${index}`,
      name: `hanging ${index}`,
      timeoutSeconds: 5,
    });
  }
  const besideHanging = await healthyDelays(tickline, "beside", seconds);
  hanging.closeAllConnections();
  hanging.close();
  return { alone, besideHanging };
}

async function healthyDelays(tickline: Tickline, run: string, seconds: number): Promise<Spread> {
  const posted = new Map<string, number>();
  const samplesMs: number[] = [];
  const healthy = await receive((body) => {
    const id = /"messageId":"([^"]+)"/.exec(body)?.[1] ?? "";
    const startedMs = posted.get(id);
    if (startedMs !== undefined) samplesMs.push(performance.now() - startedMs);
  });
  await tickline.call("POST", "/v1/subscriptions", {
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
  healthy.close();
  return spreadOf(samplesMs);
}
