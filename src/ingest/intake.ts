/**
 * What becomes of a webhook that may be trusted: the same for one that just came and one that is replayed. What it
 * has of good updates is recorded before anything else is decided; what it has of bad ones takes none down.
 */
import type { Failure, Issue } from "../model/failure.ts";
import { identify } from "../model/identity.ts";
import { boundedIssues } from "../model/issue.ts";
import * as limits from "../model/limits.ts";
import type { RecordOutcome, RecordRequest } from "../model/record.ts";
import { assertNever } from "../model/result.ts";
import type { IdentifiedUpdate, Update } from "../model/update.ts";
import type { BadItem, Provider, Reading, Webhook } from "../providers/provider.ts";

export type Intake =
  /** Every good update is durable. `bad` is what of the batch was not good, mostly nothing. */
  | { readonly kind: "recorded"; readonly outcome: RecordOutcome; readonly fault: Fault | null }
  /** Authentic, and about something else. */
  | { readonly kind: "ignored" }
  /** Nothing in it could be recorded. */
  | { readonly kind: "rejected"; readonly fault: Fault };

/** What is wrong with a webhook, for the provider's answer and for whoever repairs it. */
export interface Fault {
  readonly reason: string;
  readonly issues: readonly Issue[];
  readonly bad: readonly BadItem[];
}

/** Makes all of it durable, or throws; what it did before it threw stays. */
export type RecordAll = (requests: readonly RecordRequest[]) => Promise<RecordOutcome>;

/** What the sender hears where `RecordAll` threw. */
export const notRecorded: Failure = {
  kind: "unavailable",
  detail: "The webhook could not be recorded durably; what was recorded stays.",
  retryAfterSeconds: limits.ingestRetryAfterSeconds,
};

export async function takeIn(
  source: string,
  provider: Pick<Provider, "name" | "read" | "bindsAliases">,
  webhook: Webhook,
  recordAll: RecordAll,
): Promise<Intake> {
  const reading = readSafely(provider, webhook);
  switch (reading.kind) {
    case "ignored":
      return { kind: "ignored" };
    case "invalid":
      return { kind: "rejected", fault: faultOf(nothingRecorded, reading.issues, []) };
    case "updates": {
      const { updates, bad } = reading;
      const issues = bad.flatMap((item) => item.issues);
      if (updates.length === 0 && bad.length === 0) return { kind: "ignored" };
      if (updates.length === 0) return { kind: "rejected", fault: faultOf(nothingRecorded, issues, bad) };
      const outcome = await recordAll(await requestsOf(source, provider, updates));
      return {
        kind: "recorded",
        outcome,
        fault: bad.length === 0 ? null : faultOf(partRecorded, issues, bad),
      };
    }
    default:
      return assertNever(reading);
  }
}

/** A reader that throws has a bug; its webhook is kept, so that it can be replayed once the bug is gone. */
function readSafely(provider: Pick<Provider, "read">, webhook: Webhook): Reading {
  try {
    return provider.read(webhook);
  } catch {
    return { kind: "invalid", issues: [{ path: "", message: "could not be read" }] };
  }
}

/** One request for each message, in the order in which the webhook first names them. */
export async function requestsOf(
  source: string,
  provider: Pick<Provider, "name" | "bindsAliases">,
  updates: readonly Update[],
): Promise<RecordRequest[]> {
  const identified = await Promise.all(
    updates.map(async (update): Promise<IdentifiedUpdate> => ({
      ...update,
      eventId: await identify(source, update),
    })),
  );
  const byMessage = Map.groupBy(identified, (update) => update.messageId);
  return Array.from(byMessage, ([messageId, ofMessage]) => ({
    source,
    provider: provider.name,
    messageId,
    updates: ofMessage,
    ...(provider.bindsAliases === true
      ? { boundAliases: ofMessage.flatMap((update) => update.aliases) }
      : {}),
  }));
}

const nothingRecorded = "Nothing in the webhook could be recorded.";
const partRecorded = "Not every item of the webhook could be recorded.";

function faultOf(reason: string, issues: readonly Issue[], bad: readonly BadItem[]): Fault {
  return { reason, issues: boundedIssues(issues), bad };
}
