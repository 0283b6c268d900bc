/** The feed without a platform: a store in memory, sockets as values, and clients that trust nothing they are sent. */
import type { Event } from "../../src/model/event.ts";
import type { FeedStore, NewRow } from "../../src/feed/log.ts";
import { openFeedLog } from "../../src/feed/log.ts";
import { markOf } from "../../src/feed/repeats.ts";
import { deliver, movesQuiet, shareFrames } from "../../src/stream/deliver.ts";
import { type ServerFrame, serverFrameSchema } from "../../src/stream/serverFrame.ts";
import {
  feedPolicy,
  receive,
  type Session,
  sessionOf,
  type Step,
  welcome,
} from "../../src/stream/session.ts";
import { type Admission, attachmentOf, readAttachment } from "../../src/stream/socket.ts";

export function memoryStore(): FeedStore & { rows: NewRow[] } {
  let begun: string | null = null;
  const rows: NewRow[] = [];
  return {
    rows,
    epoch: () => begun,
    begin(epoch) {
      begun = epoch;
    },
    newest: () => rows.at(-1) ?? null,
    oldest: () => rows[0] ?? null,
    append(added) {
      rows.push(...added);
    },
    *rowsAfter(place) {
      for (const row of rows) {
        if (row.lastPlace > place) yield { firstPlace: row.firstPlace, events: parseEvents(row.events) };
      }
    },
    *marksThrough(place) {
      for (const row of rows.toReversed()) if (row.lastPlace <= place) yield row;
    },
    erase(erased, sinceMs) {
      for (const [index, row] of rows.entries()) {
        if (row.publishedAtMs < sinceMs || !row.marks.some((mark) => erased.has(mark))) continue;
        const kept = parseEvents(row.events).map((event) =>
          event !== null && erased.has(markOf(event)) ? null : event,
        );
        rows[index] = { ...row, events: JSON.stringify(kept) };
      }
    },
    drop(olderThanMs, throughPlace, rowsMax) {
      const old = rows
        .slice(0, rowsMax)
        .filter((row) => row.publishedAtMs < olderThanMs || row.lastPlace <= throughPlace);
      rows.splice(0, old.length);
      return old.length;
    },
  };
}

function parseEvents(text: string): (Event | null)[] {
  const value: unknown = JSON.parse(text);
  return value as (Event | null)[];
}

export const anyone: Admission = {
  keyId: "root",
  secretId: null,
  sources: null,
  grant: null,
  expiresAtMs: null,
};

/** One feed with its sockets; `evict` takes its memory, as hibernation does. */
export function aFeed(options: { now?: () => number; admission?: Admission } = {}) {
  const { now = () => Date.now(), admission = anyone } = options;
  const store = memoryStore();
  let epochs = 0;
  const open = () => openFeedLog(store, () => String((epochs += 1)).padStart(12, "0"));
  let log = open();
  const sockets = new Set<Wire>();

  function carryOut(wire: Wire, step: Step): void {
    if (step.closing !== null) {
      wire.closed = step.closing.code;
      sockets.delete(wire);
      return;
    }
    wire.session = step.session;
    wire.inbox.push(...step.frames.map((text) => serverFrameSchema.parse(JSON.parse(text))));
  }

  return {
    store,
    get log() {
      return log;
    },
    publish(events: readonly Event[]): void {
      const beforeMs = log.publishedAtMs;
      const entries = log.publish(events, now());
      const frames = shareFrames(entries, log, movesQuiet(beforeMs, now()));
      for (const wire of sockets) carryOut(wire, deliver(wire.session, frames, now()));
    },
    connect(): Wire {
      const step = welcome(admission, "c", feedPolicy);
      const wire: Wire = { session: step.session, inbox: [], closed: null };
      sockets.add(wire);
      carryOut(wire, step);
      return wire;
    },
    send(wire: Wire, frame: object | string | ArrayBuffer): void {
      if (wire.closed !== null) return;
      const isRaw = typeof frame === "string" || frame instanceof ArrayBuffer;
      carryOut(wire, receive(wire.session, isRaw ? frame : JSON.stringify(frame), log, now()));
    },
    disconnect(wire: Wire): void {
      sockets.delete(wire);
      wire.closed = 1006;
      wire.inbox.length = 0;
    },
    evict(): void {
      log = open();
      for (const wire of sockets) {
        const attachment: unknown = structuredClone(attachmentOf(wire.session.fixed, wire.session.state));
        wire.session = sessionOf(readAttachment(attachment), feedPolicy);
      }
    },
  };
}

export type Feed = ReturnType<typeof aFeed>;

export interface Wire {
  session: Session;
  /** Sent, and not read by the client yet. */
  readonly inbox: ServerFrame[];
  closed: number | null;
}

/** Follows with a filter, checks the chain on each frame, and comes back from its last cursor after a cut. */
export function aFollower(feed: Feed, filter: object, after = "now") {
  let wire: Wire | null = null;
  /** Where the client will go on: the `to` of the last frame it has read. */
  let cursor: string | null = null;
  let chain: string | null = null;
  let owedAck: string | null = null;
  let isLive = false;
  const received: string[] = [];

  function connect(): void {
    wire = feed.connect();
    owedAck = null;
    isLive = false;
    chain = null;
    feed.send(wire, { type: "subscribe", id: "s", filter, after: cursor ?? after });
  }

  function read(frame: ServerFrame): void {
    if (frame.type === "subscribed") {
      if (cursor !== null && frame.from !== cursor) throw new Error("resumed elsewhere");
      cursor = frame.from;
      chain = frame.from;
    } else if (frame.type === "events") {
      if (frame.from !== chain) throw new Error(`a gap: ${frame.from} after ${chain}`);
      if (frame.replay && isLive) throw new Error("a replayed page after live");
      if (!frame.replay && !isLive) throw new Error("a live frame before live");
      if (owedAck !== null && frame.replay) throw new Error("a page before the ack of the one before");
      received.push(...frame.events.map(({ id }) => id));
      cursor = frame.to;
      chain = frame.to;
      if (frame.replay) owedAck = frame.to;
    } else if (frame.type === "live") {
      if (frame.cursor !== chain) throw new Error("live elsewhere");
      isLive = true;
    } else if (frame.type !== "welcome") {
      throw new Error(`unexpected ${frame.type}`);
    }
  }

  const owesAck = () => owedAck !== null;

  return {
    received,
    /** Reads some of what was sent. */
    read(frames: number): void {
      if (wire === null || wire.closed !== null) connect();
      for (const frame of wire?.inbox.splice(0, frames) ?? []) read(frame);
    },
    ack(): void {
      if (owedAck === null || wire === null || wire.closed !== null) return;
      feed.send(wire, { type: "ack", id: "s", cursor: owedAck });
      owedAck = null;
    },
    disconnect(): void {
      if (wire !== null) feed.disconnect(wire);
    },
    /** Reads and acks until there is nothing left to read. */
    drain(): void {
      this.read(Infinity);
      while (owesAck()) {
        this.ack();
        this.read(Infinity);
      }
      if (wire?.closed !== null) throw new Error(`closed with ${wire?.closed}`);
    },
  };
}
