/** The words for what can become of a message, and their order. Source: API.md 1.1. */
import * as z from "zod/mini";

/** How far a message has come, lowest first. */
export const progressStatuses = [
  "scheduled",
  "queued",
  "accepted",
  "sent",
  "delivered",
  "read",
  "played",
] as const;

/** How a message ended badly, lowest precedence first. `unconfirmed` is soft: it may still be corrected. */
export const failureStatuses = ["unconfirmed", "not_sent", "canceled", "expired", "failed"] as const;

/** What is worth recording, and never moves a status. */
export const noteStatuses = [
  "recipient_corrected",
  "deleted",
  "channel_switched",
  "clicked",
  "verified",
  "unknown",
] as const;

export type ProgressStatus = (typeof progressStatuses)[number];
export type FailureStatus = (typeof failureStatuses)[number];
export type NoteStatus = (typeof noteStatuses)[number];
export type Status = ProgressStatus | FailureStatus | NoteStatus;

export const statuses: readonly Status[] = [...noteStatuses, ...progressStatuses, ...failureStatuses];
export const statusSchema = z.enum([...noteStatuses, ...progressStatuses, ...failureStatuses]);

const ranks: ReadonlyMap<Status, number> = new Map(statuses.map((status, rank) => [status, rank]));
const progress: ReadonlySet<Status> = new Set(progressStatuses);
const failures: ReadonlySet<Status> = new Set(failureStatuses);

/** Place in history among events of the same time: notes, then progress, then failures, each as listed. */
export function rankOf(status: Status): number {
  return ranks.get(status) ?? 0;
}

export function isProgress(status: Status): status is ProgressStatus {
  return progress.has(status);
}

/** Any failure, the soft one included. */
export function isFailure(status: Status): status is FailureStatus {
  return failures.has(status);
}

/** A failure that the provider stands by; it beats every progress up to `sent`. */
export function isRealFailure(status: Status): boolean {
  return isFailure(status) && status !== "unconfirmed";
}

export function isNote(status: Status): status is NoteStatus {
  return !isProgress(status) && !isFailure(status);
}

/** Delivered or better: evidence on the recipient's side, which no failure can undo. */
export function reachedRecipient(status: Status): boolean {
  return isProgress(status) && rankOf(status) >= rankOf("delivered");
}
