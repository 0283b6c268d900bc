/** The feed, over HTTP and WebSocket. */
import { effects, messageEventTypes, operationalEventTypes } from "../../model/event.ts";
import type { Json } from "../../model/json.ts";
import { statuses } from "../../model/status.ts";
import { type Operation, pageParameters, type Parameter } from "../operation.ts";

const listOf = (
  description: string,
  items: { readonly [member: string]: Json } = { type: "string" },
): Parameter => ({
  description: `${description} May be repeated.`,
  schema: { type: "array", items },
});

export const filterQuery = {
  sources: listOf("Only events of this source."),
  providers: listOf("Only of this provider."),
  statuses: listOf("Only with this status.", { type: "string", enum: [...statuses] }),
  channels: listOf("Only of this channel."),
  groups: listOf("Only of this dispatch or broadcast."),
  recipients: listOf("Only to this recipient."),
  effects: listOf("Only with this effect.", { type: "string", enum: [...effects] }),
  types: listOf("Only of this type.", {
    type: "string",
    enum: [...messageEventTypes, ...operationalEventTypes],
  }),
  "metadata.<key>": {
    description: "Only events whose metadata has this pair. One for each key.",
    example: "42",
  },
} satisfies Record<string, Parameter>;

const upgradeHeaders = {
  "Sec-WebSocket-Protocol": {
    description:
      "`tickline.v1`; a browser adds its stream token as a second one, `bearer.<token>`. Where it is offered, a refusal is an accepted socket and a close code.",
    example: "tickline.v1",
  },
} satisfies Record<string, Parameter>;

const opened = {
  101: {
    description: "The socket is open; see /asyncapi.json for its frames.",
    headers: { "Sec-WebSocket-Protocol": "`tickline.v1`." },
  },
} satisfies Operation["answers"];

export const feedOperations: readonly Operation[] = [
  {
    id: "listEvents",
    method: "get",
    path: "/v1/events",
    area: "Feed",
    summary: "Poll the feed",
    description:
      "All events of the deployment in one total order. Go on from `cursor`; while `upToDate` is false there is more, also behind an empty page of a quiet filter. The feed keeps 24 hours and 1,000,000 events.",
    access: "messages:read",
    query: {
      after: {
        description: "A cursor, `earliest` or `now`.",
        schema: { type: "string", default: "earliest" },
        example: "earliest",
      },
      limit: pageParameters.limit,
      ...filterQuery,
    },
    answers: { 200: { description: "The next events.", body: "EventList" } },
    problems: ["gone"],
  },
  {
    id: "openStream",
    method: "get",
    path: "/v1/stream",
    area: "Feed",
    summary: "Follow the feed over WebSocket",
    description: "Resumable without gap or repeat. Needs a key with `feed:read`, or a stream token.",
    access: "feed:read",
    headers: upgradeHeaders,
    answers: opened,
    problems: ["upgradeRequired", "malformed"],
  },
  {
    id: "openMessageStream",
    method: "get",
    path: "/v1/messages/{source}/{messageId}/stream",
    area: "Feed",
    summary: "Follow one message over WebSocket",
    description:
      "May be opened before anything is known of the message. A token must have been made for this message.",
    access: "feed:read",
    headers: upgradeHeaders,
    query: {
      after: {
        description:
          "A version: the message frame is left out, and later events are replayed. Left out: the message as it is, then what comes.",
        schema: { type: "string", pattern: "^(\\d{1,9}|now|earliest)$" },
      },
    },
    answers: opened,
    problems: ["upgradeRequired", "malformed"],
  },
  {
    id: "createStreamToken",
    method: "post",
    path: "/v1/stream-tokens",
    area: "Feed",
    summary: "Make a token with which a browser may stream",
    description:
      "The token's filter and its maker's sources are ANDed with what the client asks for. Without a body: 15 minutes of all that the key sees.",
    access: "feed:read",
    body: { name: "StreamTokenRequest", optional: true },
    answers: { 201: { description: "The token.", body: "StreamToken" } },
  },
];
