/** The ingest path beside the bare Worker → object → one-row program, in the same run. */
import { closedLoop, medianOf, openLoop, post, type Spread, spreadOf } from "./load.ts";
import { startProgram, type Tickline } from "./service.ts";

export const benchSource = "bench-nifteem";
export const texterSource = "bench-texter";
export const benchCredential = "bench";
const sourceHeaders = { "X-API-Key": benchCredential };

export async function makeSources(tickline: Tickline): Promise<void> {
  await tickline.call("POST", "/v1/sources", {
    id: benchSource,
    provider: "nifteem",
    name: "bench",
    auth: [{ type: "header", name: "X-API-Key", value: benchCredential }],
  });
  await tickline.call("POST", "/v1/sources", {
    id: texterSource,
    provider: "texter",
    name: "bench",
    auth: [{ type: "header", name: "Authorization", value: `Bearer ${benchCredential}` }],
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

/** Spreads are of all requests of all rounds; rates are medians of the rounds. */
export interface IngestFigures {
  readonly acknowledgement: Spread;
  readonly rowAcknowledgement: Spread;
  readonly echoAcknowledgement: Spread;
  readonly perSecond: number;
  readonly rowPerSecond: number;
}

const roundsTotal = 5;
const requestsPerRound = 2_000;

/** In turns, so that whatever else the machine does burdens all alike. */
export async function measureIngest(tickline: Tickline, seconds: number): Promise<IngestFigures> {
  const [row, echo] = [await startProgram("row"), await startProgram("echo")];
  const senders = {
    tickline: (body: unknown) => send(tickline, body),
    row: (body: unknown) => post(row.url, body),
    echo: (body: unknown) => post(echo.url, body),
  };
  const names = ["echo", "row", "tickline"] as const;
  const delaysMs = { tickline: [], row: [], echo: [] } as Record<(typeof names)[number], number[]>;
  const rates = { tickline: [], row: [] } as Record<"tickline" | "row", number[]>;
  try {
    for (const name of names) await closedLoop(8, 400, (index) => senders[name](webhook(index, "warm")));
    for (let round = 0; round < roundsTotal; round += 1) {
      for (const name of names) {
        const samplesMs = await openLoop(50, seconds, (index) =>
          senders[name](webhook(index, `ack-${round}`)),
        );
        delaysMs[name].push(...samplesMs);
      }
    }
    for (let round = 0; round < roundsTotal; round += 1) {
      for (const name of ["row", "tickline"] as const) {
        const work = (index: number) => senders[name](webhook(index, `full-${round}`));
        rates[name].push(await closedLoop(32, requestsPerRound, work));
        await tickline.settled();
      }
    }
  } finally {
    await row.stop();
    await echo.stop();
  }
  return {
    acknowledgement: spreadOf(delaysMs.tickline),
    rowAcknowledgement: spreadOf(delaysMs.row),
    echoAcknowledgement: spreadOf(delaysMs.echo),
    perSecond: medianOf(rates.tickline),
    rowPerSecond: medianOf(rates.row),
  };
}
