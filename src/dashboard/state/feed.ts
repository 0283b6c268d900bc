/** The streams as the pages use them: followed by our own client, with how well that goes as signals. */
import { signal } from "@preact/signals";
import { followFeed } from "../../client/follow.ts";
import type { Event } from "../../model/event.ts";
import type { Filter } from "../../model/filter.ts";
import type { Message } from "../../model/message.ts";
import { pathOf } from "../api/request.ts";
import { makeStreamToken, type TokenRequest } from "../api/stream.ts";

/** `ended`: the service will not have us; coming back unchanged would not help. */
export type Connection = "connecting" | "live" | "reconnecting" | "ended";

export const connection = signal<Connection>("connecting");
/** Between receipt at the edge and arrival here, of the newest live event; null before the first. */
export const lagMs = signal<number | null>(null);

export interface Follower {
  readonly close: () => void;
}

interface FeedOptions {
  readonly filter: Filter;
  readonly after: string;
  readonly onEvents: (events: readonly Event[]) => void;
  /** The feed could not go on where we were: what is shown must be read again. */
  readonly onGap: () => void;
}

export function follow({ filter, after, onEvents, onGap }: FeedOptions): Follower {
  return start({
    path: "/v1/stream",
    request: { filter },
    options: {
      filter,
      after,
      onEvents: (events, { replay }) => {
        if (!replay) noteLag(events);
        onEvents(events);
      },
      onReset: ({ head }) => {
        onGap();
        return head;
      },
    },
  });
}

interface MessageOptions {
  readonly source: string;
  readonly messageId: string;
  readonly onMessage: (message: Message | null) => void;
  readonly onEvents: () => void;
}

export function followMessage({ source, messageId, onMessage, onEvents }: MessageOptions): Follower {
  return start({
    path: `${pathOf("messages", source, messageId)}/stream`,
    request: { messages: [{ source, messageId }] },
    options: {
      onMessage,
      onEvents: (events, { replay }) => {
        if (!replay) noteLag(events);
        onEvents();
      },
    },
  });
}

interface Start {
  readonly path: string;
  readonly request: TokenRequest;
  readonly options: Omit<Parameters<typeof followFeed>[0], "url" | "token" | "onLive" | "onRetry">;
}

function start({ path, request, options }: Start): Follower {
  connection.value = "connecting";
  lagMs.value = null;
  const following = followFeed({
    ...options,
    url: new URL(path, location.href).href,
    token: () => tokenFor(request),
    onLive: () => {
      connection.value = "live";
    },
    onRetry: () => {
      connection.value = "reconnecting";
    },
  });
  let closed = false;
  following.done.catch(() => {
    if (!closed) connection.value = "ended";
  });
  return {
    close: () => {
      closed = true;
      following.close();
      connection.value = "connecting";
    },
  };
}

async function tokenFor(request: TokenRequest): Promise<string> {
  const answer = await makeStreamToken(request);
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value.token;
}

function noteLag(events: readonly Event[]): void {
  const newest = events.at(-1);
  if (newest !== undefined) lagMs.value = Math.max(0, Date.now() - Date.parse(newest.receivedAt));
}
