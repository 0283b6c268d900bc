/** The stream as AsyncAPI 3.0, built of the frames' own schemas. */
import type * as z from "zod/mini";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { version } from "../model/version.ts";
import { closeCodes } from "../stream/close.ts";
import { clientFrameSchema, subprotocol } from "../stream/protocol.ts";
import { serverFrameSchema } from "../stream/serverFrame.ts";
import { componentSchemas, referenceTo, schemasBeside } from "./components.ts";
import { frameWords, streamChannels } from "./frames.ts";

export function asyncApi(): JsonObject {
  const client = framesOf(clientFrameSchema);
  const server = framesOf(serverFrameSchema);
  const used = componentSchemas();
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tickline streams",
      version,
      description: `The WebSocket subprotocol \`${subprotocol}\`: every frame is a JSON object with \`type\`, and a client ignores types that it does not know. Close codes: ${codesText()}. A code 44xx must not be retried unchanged; every other but 1000 and 1008 is retried with full jitter, from the last cursor.`,
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/json",
    servers: {
      deployment: {
        host: "{host}",
        protocol: "wss",
        description: "The deployment that serves this description; `ws` on one's own machine.",
        variables: { host: { default: "localhost:8787" } },
        security: [
          { $ref: "#/components/securitySchemes/key" },
          { $ref: "#/components/securitySchemes/token" },
        ],
      },
    },
    channels: Object.fromEntries(
      streamChannels.map(({ name, address, summary, description, parameters, query, sends, takes }) => [
        name,
        {
          address,
          title: summary,
          description,
          parameters: { ...parameters },
          messages: Object.fromEntries(
            [...takes, ...sends].map((frame) => [frame, { $ref: `#/components/messages/${frame}` }]),
          ),
          bindings: { ws: { method: "GET", ...(query === null ? {} : { query }) } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      streamChannels.flatMap(({ name, summary, sends, takes }) => [
        [`${name}Receive`, operation("receive", name, `${summary}: what a client sends`, takes)],
        [`${name}Send`, operation("send", name, `${summary}: what the service sends`, sends)],
      ]),
    ),
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "A key with `feed:read`, from back-ends." },
        token: {
          type: "httpApiKey",
          in: "header",
          name: "Sec-WebSocket-Protocol",
          description: "From browsers: a stream token as a second subprotocol, `bearer.<token>`.",
        },
      },
      messages: Object.fromEntries([...client, ...server]),
      schemas: Object.fromEntries(
        ["Event", "Filter", "Message", "PartState", "Reason", "Status"].map((name) => [
          name,
          used[name] ?? {},
        ]),
      ),
    },
  };
}

/** The frames of a union, each as a message named for its `type`. */
function framesOf(
  union: z.ZodMiniDiscriminatedUnion<z.ZodMiniObject<{ type: z.ZodMiniLiteral<string> }>[]>,
): [string, JsonObject][] {
  const frames = union.def.options.map((frame) => [frame.shape.type.def.values.join(), frame] as const);
  const payloads = schemasBeside(Object.fromEntries(frames));
  return frames.map(([type]) => {
    const { summary, example } = frameWords(type);
    const payload = payloads[type] ?? {};
    return [type, { name: type, summary, payload: withFilter(payload), examples: [{ payload: example }] }];
  });
}

/** A frame's filter is read apart from its frame, so its schema does not know it. */
function withFilter(payload: JsonObject): JsonObject {
  const { properties } = payload;
  if (!isJsonObject(properties) || !("filter" in properties)) return payload;
  return { ...payload, properties: { ...properties, filter: referenceTo("Filter") } };
}

function operation(
  action: "send" | "receive",
  channel: string,
  summary: string,
  frames: readonly string[],
): JsonObject {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: frames.map((frame) => ({ $ref: `#/channels/${channel}/messages/${frame}` })),
  };
}

function codesText(): string {
  return Object.entries(closeCodes)
    .map(([name, code]) => `${code} ${name}`)
    .join(", ");
}
