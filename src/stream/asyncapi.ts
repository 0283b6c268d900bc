/** The stream as an AsyncAPI 3.0 document, made of the schemas that the service itself reads and writes by. */
import * as z from "zod";
import { limits } from "../model/limits.ts";
import { version } from "../model/version.ts";
import { closeCodes } from "./close.ts";
import { clientFrameSchema, serverFrameSchema, subprotocol } from "./protocol.ts";

type Frames = ReadonlyMap<string, object>;

/** What both kinds of stream carry, and what only one does. */
const feedOnly = new Set(["subscribe", "unsubscribe"]);
const messageOnly = new Set(["message"]);

/** `origin` is where this deployment answers, like `https://tickline.example.com`. */
export function asyncApiDocument(origin: string): object {
  const url = new URL(origin);
  const sent = framesOf(serverFrameSchema.options);
  const received = framesOf(clientFrameSchema.options);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tickline streams",
      version,
      description:
        "Delivery statuses as they happen, over WebSocket, each once and in one order. Rules, close codes and an " +
        `example are in docs/stream.md. Close codes: ${Object.values(closeCodes).join(", ")}.`,
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/json",
    servers: {
      service: {
        host: url.host,
        protocol: url.protocol === "https:" ? "wss" : "ws",
        security: [
          { $ref: "#/components/securitySchemes/key" },
          { $ref: "#/components/securitySchemes/token" },
        ],
      },
    },
    channels: {
      feed: channel("/v1/stream", "All events, filtered as each subscription asks.", {
        names: [...sent.keys(), ...received.keys()].filter((name) => !messageOnly.has(name)),
      }),
      message: channel(
        "/v1/messages/{source}/{messageId}/stream",
        "One message and its events; one subscription, `m`.",
        {
          names: [...sent.keys(), ...received.keys()].filter(
            (name) => !feedOnly.has(name) || name === "subscribe",
          ),
          parameters: {
            source: { description: "The source's id." },
            messageId: { description: "The message's id, percent-encoded." },
          },
        },
      ),
    },
    operations: {
      ...operations("feed", sent, received, messageOnly),
      ...operations("message", sent, received, new Set(["unsubscribe"])),
    },
    components: { messages: componentsOf(sent, received), securitySchemes },
  };
}

const securitySchemes = {
  key: {
    type: "http",
    scheme: "bearer",
    description: "A key with the scope feed:read, as `Authorization: Bearer …` or `X-API-Key: …`.",
  },
  token: {
    type: "httpApiKey",
    in: "header",
    name: "Sec-WebSocket-Protocol",
    description: `For browsers: the subprotocols \`${subprotocol}, bearer.<token>\`, the token from POST /v1/stream-tokens.`,
  },
};

/** The JSON Schema of each frame, by its type. */
function framesOf(schemas: readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[]): Frames {
  return new Map(
    schemas.map((schema) => [
      schema.shape.type.value,
      z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }),
    ]),
  );
}

function channel(
  address: string,
  description: string,
  { names, ...rest }: { names: readonly string[]; parameters?: object },
): object {
  const messages = names.map((name) => [name, { $ref: `#/components/messages/${name}` }] as const);
  return {
    address,
    description,
    ...rest,
    messages: Object.fromEntries(messages),
    bindings: {
      ws: {
        method: "GET",
        headers: {
          type: "object",
          properties: { "Sec-WebSocket-Protocol": { type: "string", const: subprotocol } },
        },
        bindingVersion: "0.1.0",
      },
    },
  };
}

function operations(name: string, sent: Frames, received: Frames, without: ReadonlySet<string>): object {
  const refs = (frames: Frames) =>
    [...frames.keys()]
      .filter((frame) => !without.has(frame))
      .map((frame) => ({ $ref: `#/channels/${name}/messages/${frame}` }));
  const at = { channel: { $ref: `#/channels/${name}` } };
  return {
    [`${name}Sends`]: { action: "send", ...at, messages: refs(sent) },
    [`${name}Receives`]: { action: "receive", ...at, messages: refs(received) },
  };
}

function componentsOf(...all: readonly Frames[]): object {
  const messages = all.flatMap((frames) =>
    [...frames].map(([name, payload]) => [name, { name, title: titles[name] ?? name, payload }] as const),
  );
  return Object.fromEntries(messages);
}

const titles: Readonly<Record<string, string>> = {
  welcome: "The socket is open",
  subscribed: "A subscription stands, behind this cursor",
  events: "Events, from one cursor to the next; perhaps none",
  live: "Everything missed was sent; what comes now is new",
  reset: "The cursor can't be honoured; nothing was replayed",
  error: "The subscription was not made",
  closing: "The service ends the socket, and says when to come back",
  message: "The message as it stands; null while nothing is known",
  pong: "The answer to a ping",
  ping: `Every ${limits.streamPingSeconds} seconds, in exactly these bytes`,
  subscribe: "Follow from here, with this filter",
  ack: "The replayed page was taken; send the next",
  unsubscribe: "End a subscription",
  auth: "Go on with a new token",
};
