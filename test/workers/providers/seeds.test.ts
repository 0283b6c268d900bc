/** Each provider's fixtures through the front door: its own example must come out of the message's own address. */
import { exports } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import * as z from "zod";
import { describe, expect, it } from "vitest";
import { messageSchema } from "../../../src/model/message.ts";
import nifteemFixtures from "../../fixtures/nifteem/statuses.json";
import callbellFixtures from "../../fixtures/callbell/statuses.json";
import texterFixtures from "../../fixtures/texter/statuses.json";
import metaFixtures from "../../fixtures/meta/statuses.json";
import gupshupFixtures from "../../fixtures/gupshup/version-2.json";

const rootKey = { Authorization: "Bearer test-root-key-0123456789-abcdefghijklmnop" };
const sourceSchema = z.object({ ingestUrl: z.string() });

async function makeSource(provider: string, auth: object): Promise<string> {
  const response = await call(
    "/v1/sources",
    "POST",
    { provider, name: provider, id: `seed-${provider}`, auth: [auth] },
    rootKey,
  );
  expect(response.status, await response.clone().text()).toBe(201);
  return new URL(sourceSchema.parse(await response.json()).ingestUrl).pathname;
}

async function call(path: string, method: string, body: object | null, headers: Record<string, string>) {
  const init: RequestInit = { method, headers: { ...headers, "Content-Type": "application/json" } };
  if (body !== null) init.body = JSON.stringify(body);
  return exports.default.fetch(new Request(`http://localhost${path}`, init));
}

async function readMessage(provider: string, messageId: string) {
  const path = `/v1/messages/seed-${provider}/${encodeURIComponent(messageId)}`;
  const response = await call(path, "GET", null, rootKey);
  return messageSchema.parse(await response.json());
}

function documented(fixtures: readonly { name: string; request: object }[]): object {
  const request = fixtures[0]?.request;
  return z.object({ json: z.record(z.string(), z.unknown()) }).parse(request).json;
}

describe("the documented example", () => {
  it("of Nifteem is the message that the API describes", async () => {
    const path = await makeSource("nifteem", { type: "header", name: "X-API-Key", value: "a-key" });
    const response = await call(path, "POST", documented(nifteemFixtures), { "X-API-Key": "a-key" });
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
    expect(await readMessage("nifteem", "0FCB1ABCVEXYZ")).toMatchObject({
      status: "delivered",
      statusAt: "2024-01-01T14:30:00.000Z",
      channel: "rcs",
      recipient: "+390000000",
      group: "0FCB1XXXVEABC",
      partsTotal: 3,
      parts: [{ number: 1, status: "delivered" }],
      metadata: { key: "value" },
      firstAt: { delivered: "2024-01-01T14:30:00.000Z" },
      history: [
        {
          providerStatus: "DELIVERED",
          providerOrder: 10,
          timeSource: "provider",
          part: { number: 1, total: 3 },
        },
      ],
    });
  });

  it("of Callbell is a message that was read", async () => {
    const path = await makeSource("callbell", { type: "urlToken", token: "a-token" });
    const body = documented(callbellFixtures);
    const response = await call(path, "POST", body, {});
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
    expect(await readMessage("callbell", "adf3d1216d4c4dcd908199d6700f2381")).toMatchObject({
      status: "read",
      statusAt: "2023-06-12T09:58:33.000Z",
      recipient: "331122334455",
      aliases: ["2b34bfb7-2631-4763-89fb-1b3c65a4babc", "gBGGM2MSRxl_Aglqmg5KQXU7ABC"],
      final: true,
      history: [{ raw: body }],
    });
  });

  it("of Texter is a message that was read", async () => {
    const path = await makeSource("texter", {
      type: "header",
      name: "Authorization",
      value: "Bearer a-token",
    });
    const response = await call(path, "POST", documented(texterFixtures), {
      Authorization: "Bearer a-token",
    });
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
    const id = "wamid.HBgMOTcyNTIxMjM0NTY3FQIAERgSMDhGRTVGNEY1MTA0Q0NBMzNEAA==";
    expect(await readMessage("texter", id)).toMatchObject({
      status: "read",
      statusAt: "2026-01-11T14:17:54.000Z",
      channel: "whatsapp",
      recipient: "972521234567",
    });
  });

  it("of Meta is taken with its signature alone, after the handshake", async () => {
    const path = await makeSource("meta", { type: "hmac", secret: "an-app-secret", verifyToken: "a-token" });
    const greeting = await call(
      `${path}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a-token`,
      "GET",
      null,
      {},
    );
    expect([greeting.status, await greeting.text()]).toEqual([200, "1158201444"]);
    const foreign = await call(
      `${path}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=b-token`,
      "GET",
      null,
      {},
    );
    expect(foreign.status).toBe(403);
    const body = documented(metaFixtures);
    expect((await call(path, "POST", body, {})).status).toBe(401);
    const signature = createHmac("sha256", "an-app-secret").update(JSON.stringify(body)).digest("hex");
    expect((await call(path, "POST", body, { "X-Hub-Signature-256": `sha256=${signature}` })).status).toBe(
      200,
    );
    const id = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA=";
    expect(await readMessage("meta", id)).toMatchObject({ status: "sent", recipient: "16505551234" });
  });

  it("of Gupshup is answered with an empty body", async () => {
    const path = await makeSource("gupshup", {
      type: "header",
      name: "X-Gupshup-Webhook-Secret",
      value: "a-key",
    });
    const response = await call(path, "POST", documented(gupshupFixtures), {
      "X-Gupshup-Webhook-Secret": "a-key",
    });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await readMessage("gupshup", "59f8db90-c37e-4408-90ab-cc54ef8246ad")).toMatchObject({
      status: "queued",
    });
  });
});
