/** Cursors, keys and tokens that nobody was given: read as what they are not, and never followed. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { readFeedCursor, writeFeedCursor } from "../../src/feed/cursor.ts";
import { openFeedLog } from "../../src/feed/log.ts";
import { readStreamToken, signStreamToken } from "../../src/feed/token.ts";
import { positionSchema as messagePosition } from "../../src/history/query.ts";
import { pageOf, readCursor, readLimit } from "../../src/http/page.ts";
import { isWellFormedKey } from "../../src/keys/key.ts";
import * as limits from "../../src/model/limits.ts";
import { readRetryAfter } from "../../src/subscriptions/schedule/retry.ts";
import { someEvents } from "../support/feedEvents.ts";
import { memoryStore } from "../support/feedModel.ts";
import { asJson, fuzzing, share, timed } from "../support/fuzz.ts";
import { changedBytes, byteEdits, oddJson, oddText } from "../support/fuzzBodies.ts";

const pages = share(4);
const places = share(4);
const tokens = share(4);

const positions = [messagePosition, z.tuple([z.iso.datetime({ precision: 3 }), z.string()])];
const written = [["2026-11-21T10:00:00.000Z", "rej_1"]].map(
  (position) =>
    pageOf(
      [position, position],
      1,
      (row) => row,
      (row) => row,
    ).nextCursor ?? "",
);
const base64url = (text: string): string =>
  new TextEncoder().encode(text.toWellFormed()).toBase64({ alphabet: "base64url", omitPadding: true });

const pageCursor = fc.oneof(
  oddText,
  oddJson.map((json) => base64url(JSON.stringify(json))),
  fc.tuple(fc.constantFrom(...written), byteEdits).map(([text, edits]) => changedText(text, edits)),
);

test(`${pages} page cursors and limits are read or refused`, async () => {
  await fc.assert(
    fc.asyncProperty(pageCursor, oddText, async (cursor, limit) => {
      await timed(() => {
        for (const position of positions) {
          const read = readCursor(cursor, position);
          if (read.ok && read.value !== null) expect(position.safeParse(read.value).success).toBe(true);
        }
        const rows = readLimit(limit);
        if (rows.ok) expect(rows.value).toBeLessThanOrEqual(limits.pageRowsMax);
        readRetryAfter(limit, 0);
        expect(isWellFormedKey(limit)).toBe(false);
      });
    }),
    fuzzing(pages),
  );
});

const store = memoryStore();
const log = openFeedLog(store, () => "0123456789ab");
log.publish(someEvents(1, 50), Date.parse("2026-11-21T10:00:10.000Z"));
const feedCursor = fc.oneof(
  oddText,
  fc
    .tuple(fc.constant(writeFeedCursor("0123456789ab", 20)), byteEdits)
    .map(([text, edits]) => changedText(text, edits)),
  fc.stringMatching(/^[0-9a-f]{12}\.[0-9a-z]{1,11}$/),
);

test(`${places} feed cursors lead into the log, to a reset, or nowhere`, async () => {
  await fc.assert(
    fc.asyncProperty(feedCursor, async (cursor) => {
      await timed(() => {
        const read = readFeedCursor(cursor);
        if (read !== null) expect(Number.isSafeInteger(read.place)).toBe(true);
        const located = log.locate(cursor);
        if (located.kind === "malformed" || located.kind === "reset") return;
        expect(located.place).toBeGreaterThanOrEqual(log.earliest);
        expect(located.place).toBeLessThanOrEqual(log.head);
      });
    }),
    fuzzing(places),
  );
});

test(`${tokens} changed stream tokens open nothing`, async () => {
  const keyring = ["an-encryption-key-of-more-than-32-characters"] as const;
  const grant = { filter: {}, messages: null };
  const granted = { keyId: "k", secretId: null, sources: null, grant, expiresAtMs: 2_000 };
  const good = await signStreamToken(keyring, granted);
  const token = fc.oneof(
    oddText,
    fc
      .tuple(oddJson, fc.base64String())
      .map(([json, signature]) => `${base64url(JSON.stringify(asJson(json)))}.${signature}`),
    byteEdits.map((edits) => changedText(good, edits)),
  );
  await fc.assert(
    fc.asyncProperty(token, async (text) => {
      await timed(async () => {
        const read = await readStreamToken(keyring, text, 1_000);
        // Base64 has spare bits at its end, so another text can be the same token.
        if (read.ok) expect(read.value).toEqual(granted);
      });
    }),
    fuzzing(tokens),
  );
});

function changedText(text: string, edits: Parameters<typeof changedBytes>[1]): string {
  return new TextDecoder("latin1").decode(changedBytes(new TextEncoder().encode(text), edits));
}
