/** 360dialog: WhatsApp's own webhook, handed on unsigned. */
import { readJson } from "../build.ts";
import type { Provider } from "../provider.ts";
import { readWhatsAppBatch } from "../whatsappBatch.ts";

export const dialog360: Provider = {
  name: "360dialog",
  title: "360dialog",
  bodyBytesMax: 3 * 1024 * 1024,
  defaultAuth: [{ type: "header", name: "Authorization" }],
  setup:
    'Set the webhook with POST /v1/configs/webhook and {"url": the ingest URL, "headers": {"Authorization": the generated value}}. With a basic entry instead, put user and password into the URL.',
  acknowledgement: "json",
  read: (webhook) => readJson(webhook, readWhatsAppBatch),
};
