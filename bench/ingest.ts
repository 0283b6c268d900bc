/** The ingest path beside the bare Worker → object → one-row program, in the same run. */
import { closedLoop, openLoop, post, type Spread } from "./load.ts";
import { startProgram, type Tickline } from "./service.ts";

const sourceHeaders = { "X-API-Key": "bench" };
export const benchSource = "bench-nifteem";

export async function makeSource(tickline: Tickline): Promise<void> {
  await tickline.call("POST", "/v1/sources", {
    id: benchSource,
    provider: "nifteem",
    name: "bench",
    auth: [{ type: "header", name: "X-API-Key", value: "bench" }],
  });
}

const statuses = ["SENT", "DELIVERED", "READ", "READ"] as const;

/** Four updates a message, each new: one minute apart. */
export function webhook(index: number, run: string): object {
  const step = index % statuses.length;
  return {
    event: "DISPATCH_STATUS",
    module: "DISPATCH_API",
    dispatchId: `D-${run}`,
    messageId: `${run}-${Math.floor(index / statuses.length)}`,
    messagePart: 1,
    messageTotalParts: 1,
    channel: "RCS",
    channelIdentifier: "+390000000",
    status: statuses[step],
    statusOrder: step,
    statusDate: new Date(Date.UTC(2026, 10, 21, 10, step)).toISOString(),
    dispatchMetadata: { tenant: "42" },
    recipientMetadata: {},
  };
}

export function send(tickline: Tickline, body: unknown): Promise<void> {
  return post(`${tickline.url}/in/${benchSource}`, body, sourceHeaders);
}

export interface IngestFigures {
  readonly acknowledgement: Spread;
  readonly bareAcknowledgement: Spread;
  readonly perSecond: number;
  readonly barePerSecond: number;
}

export async function measureIngest(tickline: Tickline, seconds: number): Promise<IngestFigures> {
  const bare = await startProgram("row");
  const sendBare = (body: unknown) => post(bare.url, body);
  try {
    await closedLoop(8, 200, (index) => send(tickline, webhook(index, "warm")));
    await closedLoop(8, 200, (index) => sendBare(webhook(index, "warm")));
    const bareAcknowledgement = await openLoop(50, seconds, (index) => sendBare(webhook(index, "ack")));
    const acknowledgement = await openLoop(50, seconds, (index) => send(tickline, webhook(index, "ack")));
    const barePerSecond = await closedLoop(32, 3_000, (index) => sendBare(webhook(index, "full")));
    const perSecond = await closedLoop(32, 3_000, (index) => send(tickline, webhook(index, "full")));
    return { acknowledgement, bareAcknowledgement, perSecond, barePerSecond };
  } finally {
    await bare.stop();
  }
}
