/** The stream of one message, of a source that each file of tests makes for itself. */
import { env } from "cloudflare:workers";
import { messageObjectName } from "../../src/model/record.ts";
import { answerOf, anything, ask } from "./api.ts";
import { anUpdate, at, identified } from "./updates.ts";

export const source = `own-${crypto.randomUUID().slice(0, 8)}`;

export function object(messageId: string) {
  return env.MESSAGE.getByName(messageObjectName(source, messageId));
}

export async function record(messageId: string, second: number): Promise<void> {
  const updates = await identified([
    anUpdate({
      messageId,
      status: second % 2 === 0 ? "read" : "delivered",
      ...at(`2026-11-21T10:00:0${second}Z`),
    }),
  ]);
  await object(messageId).record({ source, provider: "nifteem", messageId, updates });
}

export function path(messageId: string, query = ""): string {
  return `/v1/messages/${source}/${encodeURIComponent(messageId)}/stream${query}`;
}

export async function newToken(body: object): Promise<Record<string, string>> {
  const answer = await answerOf(await ask("POST", "/v1/stream-tokens", { body }), 201, anything);
  return { "Sec-WebSocket-Protocol": `tickline.v1, bearer.${String(answer["token"])}` };
}
