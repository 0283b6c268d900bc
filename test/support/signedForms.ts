/** Webhooks as Twilio and Plivo sign them: over the URL and the parameters. */
import { validateSignature, validateV3Signature } from "plivo";
import {
  getExpectedTwilioSignature,
  validateRequest,
  validateRequestWithBody,
} from "twilio/lib/webhooks/webhooks.js";
import type { Webhook } from "../../src/providers/provider.ts";
import {
  form,
  hmac,
  json,
  post,
  publicUrl,
  secret,
  sha256,
  type Signed,
  textOf,
  timeless,
} from "./signedSample.ts";

export function twilio(): Signed[] {
  const entry = { type: "signature", secret };
  const parameters = Object.fromEntries(new URLSearchParams(form));
  const jsonUrl = `${publicUrl}?bodySHA256=${sha256(json)}`;
  const getUrl = `${publicUrl}?${form}`;
  const ported = publicUrl.replace(".example", ".example:443");
  return [
    {
      ...timeless("Twilio's form", "twilio", entry, post(form, twilioHeader(publicUrl, parameters))),
      vendorAccepts: byForm,
    },
    {
      ...timeless(
        "Twilio's form, its port signed",
        "twilio",
        entry,
        post(form, twilioHeader(ported, parameters)),
      ),
      vendorAccepts: byForm,
    },
    {
      ...timeless("Twilio's JSON", "twilio", entry, {
        ...post(json, twilioHeader(jsonUrl, {})),
        url: jsonUrl,
      }),
      vendorAccepts: withBody,
    },
    {
      ...timeless("Twilio's GET", "twilio", entry, {
        ...post("", twilioHeader(getUrl, {})),
        method: "GET",
        url: getUrl,
      }),
      covers: ["url"],
      vendorAccepts: byUrl,
    },
  ];
}

export function plivo(): Signed[] {
  const nonce = "05429567804466091622";
  const body = "Status=delivered&MessageUUID=p1&To=14155551234&Units=1";
  const sorted = "MessageUUIDp1StatusdeliveredTo14155551234Units1";
  const sortedQuery = "MessageUUID=p1&Status=delivered&To=14155551234&Units=1";
  const withQuery = `${publicUrl}?b=2&a=1`;
  const entry = { type: "signature", secret };
  const v2 = {
    "x-plivo-signature-v2": hmac(publicUrl + nonce, "base64"),
    "x-plivo-signature-v2-nonce": nonce,
  };
  const v3 = (signed: string) => ({
    "x-plivo-signature-v3": hmac(`${signed}.${nonce}`, "base64"),
    "x-plivo-signature-v3-nonce": nonce,
  });
  const posted = post(body, v3(`${publicUrl}?${sorted}`));
  const queried = { ...post(body, v3(`${publicUrl}?a=1&b=2.${sorted}`)), url: withQuery };
  const got: Webhook = {
    ...post("", v3(`${publicUrl}?${sortedQuery}`)),
    method: "GET",
    url: `${publicUrl}?${body}`,
  };
  return [
    { ...timeless("Plivo 2", "plivo", entry, post(body, v2)), covers: ["url"], vendorAccepts: byV2 },
    { ...timeless("Plivo 3", "plivo", entry, posted), vendorAccepts: byV3 },
    { ...timeless("Plivo 3 with a query", "plivo", entry, queried), vendorAccepts: byV3 },
    { ...timeless("Plivo 3 by GET", "plivo", entry, got), covers: ["url"], vendorAccepts: byV3 },
  ];
}

function signatureOf(webhook: Webhook): string {
  return webhook.headers.get("x-twilio-signature") ?? "";
}

function parametersOf(webhook: Webhook): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(textOf(webhook)));
}

function twilioHeader(url: string, signed: Record<string, string>) {
  return { "x-twilio-signature": getExpectedTwilioSignature(secret, url, signed) };
}

function byForm(webhook: Webhook): boolean {
  return validateRequest(secret, signatureOf(webhook), webhook.url, parametersOf(webhook));
}

function byUrl(webhook: Webhook): boolean {
  return validateRequest(secret, signatureOf(webhook), webhook.url, {});
}

function withBody(webhook: Webhook): boolean {
  return validateRequestWithBody(secret, signatureOf(webhook), webhook.url, textOf(webhook));
}

function byV2({ url, headers }: Webhook): boolean {
  const nonce = headers.get("x-plivo-signature-v2-nonce") ?? "";
  return Boolean(validateSignature(url, nonce, headers.get("x-plivo-signature-v2") ?? "", secret));
}

function byV3(webhook: Webhook): boolean {
  const { method, url, headers } = webhook;
  const nonce = headers.get("x-plivo-signature-v3-nonce") ?? "";
  const signature = headers.get("x-plivo-signature-v3") ?? "";
  const parameters = method === "GET" ? {} : parametersOf(webhook);
  return Boolean(validateV3Signature(method, url, nonce, secret, signature, parameters));
}
