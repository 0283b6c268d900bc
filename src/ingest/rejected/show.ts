/** A rejected webhook as its owner reads it. */
import type { Rejected, RejectedSummary } from "./store.ts";

export function showSummary(row: RejectedSummary) {
  const truncated = row.body_kept_bytes < row.body_bytes;
  return {
    id: row.id,
    source: row.source,
    provider: row.provider,
    count: row.count,
    firstReceivedAt: row.first_received_at,
    lastReceivedAt: row.last_received_at,
    reason: row.reason,
    errors: row.errors,
    bodyBytes: row.body_bytes,
    truncated,
    replayable: !truncated,
  };
}

/** `body` is text where it is UTF-8, as nearly all are; `bodyEncoding` tells. */
export function showRejected(row: Rejected) {
  return {
    ...showSummary(row),
    method: row.method,
    query: row.query,
    headers: Object.fromEntries(row.headers),
    ...showBody(row),
    items: row.items,
  };
}

export function bodyOf(row: Pick<Rejected, "body_base64">): Uint8Array {
  return Uint8Array.fromBase64(row.body_base64);
}

function showBody(row: Rejected): { body: string; bodyEncoding: "utf-8" | "base64" } {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  // A body that was cut may end inside a character; as a stream it may.
  const stream = row.body_kept_bytes < row.body_bytes;
  try {
    return { body: decoder.decode(bodyOf(row), { stream }), bodyEncoding: "utf-8" };
  } catch {
    return { body: row.body_base64, bodyEncoding: "base64" };
  }
}
