/** One webhook of 1,000 statuses of 1,000 new messages, beside bare programs given the same list. */
import { benchCredential, texterSource } from "./ingest.ts";
import { medianOf, post } from "./load.ts";
import { startProgram, type Tickline } from "./service.ts";

const idsTotal = 1_000;

const roundsTotal = 5;

export interface BatchFigures {
  /** Medians of the rounds. */
  readonly answeredMs: number;
  readonly rowAnsweredMs: number;
  /** Of the bare program that also sets an alarm for each row. */
  readonly guardedAnsweredMs: number;
}

export async function measureBatch(tickline: Tickline): Promise<BatchFigures> {
  const [row, guarded] = [await startProgram("row"), await startProgram("guarded")];
  const rounds: { row: number; guarded: number; tickline: number }[] = [];
  try {
    // The first round is for warming up.
    for (let round = 0; round <= roundsTotal; round += 1) {
      const run = String(round);
      const figures = {
        row: await timed(() => post(row.url, listOf(run))),
        guarded: await timed(() => post(guarded.url, listOf(run))),
        tickline: await timed(() => sendStatusChange(tickline, idsOf(run))),
      };
      await tickline.settled();
      if (round > 0) rounds.push(figures);
    }
  } finally {
    await row.stop();
    await guarded.stop();
  }
  return {
    answeredMs: medianOf(rounds.map((figures) => figures.tickline)),
    rowAnsweredMs: medianOf(rounds.map((figures) => figures.row)),
    guardedAnsweredMs: medianOf(rounds.map((figures) => figures.guarded)),
  };
}

function idsOf(run: string): string[] {
  return Array.from({ length: idsTotal }, (_, index) => `batch-${run}-${index}`);
}

function listOf(run: string): object[] {
  return idsOf(run).map((messageId) => ({ messageId, ...statusChange([messageId]) }));
}

/** A webhook of Texter's: one status of many messages. */
export async function sendStatusChange(tickline: Tickline, ids: readonly string[]): Promise<void> {
  const headers = { Authorization: `Bearer ${benchCredential}` };
  await post(`${tickline.url}/in/${texterSource}`, statusChange(ids), headers);
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
