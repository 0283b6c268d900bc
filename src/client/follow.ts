/**
 * Follows the feed, or one message, from a browser or Node: every event once, in order, across every cut.
 *
 * The invariant: the cursor moves only after the application has taken the events up to it, each frame must begin
 * where the one before ended, and whatever goes wrong, following goes on from the cursor.
 */
import type { Filter } from "../model/filter.ts";
import type { Message } from "../model/message.ts";
import { behind, type Ended, type Frame, runConnection } from "./connection.ts";

export type FeedEvent = Frame<"events">["events"][number];
export type Token = string | { readonly token: string };

/** What we need of a WebSocket: the browser's, Node's and that of `ws` all have it. */
export interface SocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number; reason: string }) => void): void;
}

export interface FollowOptions {
  /** `https://…/v1/stream`, or `https://…/v1/messages/{source}/{messageId}/stream`. */
  readonly url: string;
  /** A stream token, or where to get a fresh one: asked before each connection and before the old one expires. */
  readonly token?: Token | (() => Token | Promise<Token>);
  readonly filter?: Filter;
  /** Where to begin: a stored cursor, "now" or "earliest"; left out: now. */
  readonly after?: string;
  /** The next events wait until this is done. Without it, iterate over what `followFeed` returns. */
  readonly onEvents?: (events: FeedEvent[], page: { cursor: string; replay: boolean }) => unknown;
  /** Of a message's own stream: the message as it stood when the socket opened; null while nothing is known. */
  readonly onMessage?: (message: Message | null) => unknown;
  /** All that was missed is caught up. */
  readonly onLive?: () => unknown;
  /** Keep it, and give it back as `after` next time. Called after the events up to it were taken. */
  readonly saveCursor?: (cursor: string) => unknown;
  /** The cursor can't be honoured any more, so events are missing. Says where to go on; without it following fails. */
  readonly onReset?: (reset: Frame<"reset">) => string | Promise<string>;
  /** The connection was lost; following goes on after the wait. */
  readonly onRetry?: (lost: { code: number; reason: string; waitMs: number }) => unknown;
  /** Opens the socket; by default the global `WebSocket`. Back-ends can send a key here instead of a token. */
  readonly open?: (url: string, protocols: string[]) => SocketLike;
}

export interface Following extends AsyncIterable<FeedEvent> {
  /** Rejects with what can't be mended by coming back. Resolves after `close`. */
  readonly done: Promise<void>;
  readonly cursor: string | undefined;
  /** At any time, also before the first socket is open: nothing is opened or handed out after it. */
  close(): void;
}

/** The service ended the stream, and coming back unchanged would not help; `code` is in the table of docs/stream.md. */
export interface StreamEnded extends Error {
  readonly code: number;
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;

export function followFeed(options: FollowOptions): Following {
  const progress: Progress = { cursor: options.after, stopped: false, stop: () => {} };
  const pages = pageQueue();
  const onEvents = options.onEvents ?? ((events: FeedEvent[]) => pages.put(events));
  const done = run({ ...options, onEvents }, progress);
  return {
    done,
    get cursor() {
      return progress.cursor;
    },
    close,
    async *[Symbol.asyncIterator]() {
      const ended = done.then(() => null);
      try {
        for (;;) {
          const page = await Promise.race([pages.take(), ended]);
          if (page === null) return;
          yield* page.events;
          page.taken();
        }
      } finally {
        close();
      }
    },
  };

  function close(): void {
    progress.stopped = true;
    progress.stop();
  }
}

/** Where following stands, across connections. */
export interface Progress {
  cursor: string | undefined;
  stopped: boolean;
  /** Ends what is going on at the moment: a connection, or the wait before the next. */
  stop: () => void;
}

async function run(options: FollowOptions, progress: Progress): Promise<void> {
  let attempt = 0;
  while (!progress.stopped) {
    const ended = await runConnection(options, progress);
    if (progress.stopped) return;
    if (!mayComeBack(ended, options)) {
      throw Object.assign(new Error(`${ended.code} ${ended.reason}`), { code: ended.code });
    }
    if (ended.wasLive) attempt = 0;
    // Full jitter: after a deploy all clients come back, and should not come at once.
    const jitterMs = Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** attempt);
    const waitMs = ended.code === behind ? 0 : jitterMs + ended.retryAfterMs;
    attempt += 1;
    options.onRetry?.({ code: ended.code, reason: ended.reason, waitMs });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      progress.stop = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** 44xx, 1000 and 1008 are final; an expiry only for a token that is always the same. A key comes with `open`. */
function mayComeBack({ code }: Ended, { token }: FollowOptions): boolean {
  if (code === 4504) return token === undefined || typeof token === "function";
  return code !== 1000 && code !== 1008 && (code < 4400 || code > 4499);
}

interface Page {
  readonly events: FeedEvent[];
  readonly taken: () => void;
}

/** Hands pages over one at a time; the giver waits until the taker is through. */
function pageQueue() {
  // `Promise.withResolvers` is too new for Node 20.
  let give: ((page: Page) => void) | undefined;
  const nextPage = () =>
    new Promise<Page>((resolve) => {
      give = resolve;
    });
  let next = nextPage();
  return {
    put: (events: FeedEvent[]) => new Promise<void>((taken) => give?.({ events, taken })),
    async take(): Promise<Page> {
      const page = await next;
      next = nextPage();
      return page;
    },
  };
}
