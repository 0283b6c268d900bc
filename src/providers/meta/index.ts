/** Meta's WhatsApp Cloud API: batches of statuses, signed with the app secret. */
import { readJson } from "../build.ts";
import type { Provider } from "../provider.ts";
import { readWhatsAppBatch } from "../whatsappBatch.ts";
import { answerHandshake, signatureScheme } from "./signature.ts";

export const meta: Provider = {
  name: "meta",
  title: "WhatsApp Cloud API (Meta)",
  // What Meta documents: three megabytes.
  bodyBytesMax: 3 * 1024 * 1024,
  defaultAuth: [{ type: "hmac" }],
  schemes: { hmac: signatureScheme },
  setup:
    "Make the source with the app secret (App dashboard → App settings → Basic). Then, under WhatsApp → Configuration, enter the ingest URL as callback URL and the returned verifyToken as verify token, and subscribe to the field messages.",
  acknowledgement: "json",
  handshake: answerHandshake,
  read: (webhook) => readJson(webhook, readWhatsAppBatch),
};
