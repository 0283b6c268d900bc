/** Webhooks at the edge door, and what became of them. */
import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import worker from "../../src/index.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Message } from "../../src/model/message.ts";
import { messageObjectName } from "../../src/model/record.ts";
import { asListed } from "./listed.ts";

export const nifteemHeaders = { "X-API-Key": "right-nifteem-key" };

export interface Sent {
  readonly path: string;
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: BodyInit | null;
}

export async function send(sent: Sent): Promise<Response> {
  const request = requestOf(sent);
  return asListed(request.method, request.url, await exports.default.fetch(request));
}

/** To the same service, some of whose bindings are not what they should be. */
export async function sendWith(bindings: Env, sent: Sent): Promise<Response> {
  const request = requestOf(sent);
  return asListed(
    request.method,
    request.url,
    await worker.fetch(request, bindings, createExecutionContext()),
  );
}

export function nifteemBody(payload: JsonObject = {}): string {
  return JSON.stringify({
    dispatchId: "D1",
    messageId: crypto.randomUUID(),
    messagePart: 1,
    messageTotalParts: 1,
    channel: "RCS",
    channelIdentifier: "+390000000",
    status: "DELIVERED",
    statusOrder: 10,
    statusDate: "2024-01-01T14:30:00Z",
    ...payload,
  });
}

export function texterBody(externalId: readonly unknown[], eventData: JsonObject = {}): string {
  return JSON.stringify({
    eventName: "messageStatusChanged",
    eventData: {
      chat: { _id: "C1", channelInfo: { name: "whatsapp", id: "972521234567" } },
      messageStatus: 3,
      error: null,
      timestamp: 1768141074000,
      externalId,
      ...eventData,
    },
  });
}

export async function readMessage(source: string, messageId: string): Promise<Message | null> {
  return env.MESSAGE.getByName(messageObjectName(source, messageId)).read();
}

function requestOf({ path, method = "POST", headers = {}, body = null }: Sent): Request {
  return new Request(`http://localhost${path}`, { method, headers, body });
}
