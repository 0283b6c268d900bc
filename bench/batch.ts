/** One webhook of 1,000 statuses of 1,000 new messages, beside the bare program given the same list. */
import { post } from "./load.ts";
import { startProgram, type Tickline } from "./service.ts";

const idsTotal = 1_000;

export interface BatchFigures {
  readonly answeredMs: number;
  readonly bareAnsweredMs: number;
}

export async function measureBatch(tickline: Tickline): Promise<BatchFigures> {
  await tickline.call("POST", "/v1/sources", {
    id: "bench-texter",
    provider: "texter",
    name: "bench",
    auth: [{ type: "header", name: "Authorization", value: "Bearer bench" }],
  });
  const bare = await startProgram("row");
  try {
    const ids = (run: string) => Array.from({ length: idsTotal }, (_, index) => `batch-${run}-${index}`);
    const bareAnsweredMs = await timed(() =>
      post(
        bare.url,
        ids("bare").map((messageId) => ({ messageId, ...statusChange([messageId]) })),
      ),
    );
    const answeredMs = await timed(() =>
      post(`${tickline.url}/in/bench-texter`, statusChange(ids("full")), { Authorization: "Bearer bench" }),
    );
    return { answeredMs, bareAnsweredMs };
  } finally {
    await bare.stop();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function statusChange(externalId: readonly string[]): object {
  return {
    eventName: "messageStatusChanged",
    eventData: {
      chat: { _id: "C1", channelInfo: { name: "whatsapp", id: "972521234567" } },
      messageStatus: 3,
      error: null,
      timestamp: 1768141074000,
      externalId,
    },
  };
}
