import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";
import { app } from "../../../examples/receiver-hono.ts";
import { verifyWebhook } from "../../../src/client/webhook.ts";
import { sign, writeSigningSecret } from "../../../src/subscriptions/attempts/signature.ts";

const secret = writeSigningSecret(new Uint8Array(32).fill(7));
const other = writeSigningSecret(new Uint8Array(32).fill(8));
const body = JSON.stringify({ id: "evt_1", status: "delivered", text: "größer" });

async function headersOf(text: string, secrets: readonly string[], atMs = Date.now()) {
  const timestamp = Math.floor(atMs / 1_000);
  return {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(timestamp),
    "webhook-signature": await sign(secrets, "evt_1", timestamp, text),
    "tickline-attempt": "3",
  };
}

describe("verifyWebhook", () => {
  it("gives the body of a webhook that its secret signed, from any kind of headers", async () => {
    const headers = await headersOf(body, [secret]);
    const verified = { ok: true, id: "evt_1", attempt: 3, body: JSON.parse(body) };
    expect(await verifyWebhook({ secret, headers, body })).toEqual(verified);
    expect(await verifyWebhook({ secret, headers: new Headers(headers), body })).toEqual(verified);
    expect(await verifyWebhook({ secret, headers, body: new TextEncoder().encode(body) })).toEqual(verified);
    const shouted = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]),
    );
    expect(await verifyWebhook({ secret, headers: shouted, body })).toEqual(verified);
  });

  it("takes either secret while one is changed for the other", async () => {
    const both = await headersOf(body, [other, secret]);
    expect(await verifyWebhook({ secret, headers: both, body })).toMatchObject({ ok: true });
    expect(await verifyWebhook({ secret: other, headers: both, body })).toMatchObject({ ok: true });
    const one = await headersOf(body, [other]);
    expect(await verifyWebhook({ secret: [secret, other], headers: one, body })).toMatchObject({ ok: true });
  });

  it("accepts what the standardwebhooks package signs", async () => {
    const at = new Date();
    const signature = new Webhook(secret).sign("msg_1", at, body);
    const timestamp = String(Math.floor(at.getTime() / 1_000));
    const headers = { "webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature };
    expect(await verifyWebhook({ secret, headers, body })).toMatchObject({ ok: true, id: "msg_1" });
  });

  it("refuses a changed body, another secret, a stale time, missing headers and what is not JSON", async () => {
    const headers = await headersOf(body, [secret]);
    const refusal = async (webhook: Partial<Parameters<typeof verifyWebhook>[0]>) =>
      verifyWebhook({ secret, headers, body, ...webhook });
    expect(await refusal({ body: `${body} ` })).toEqual({ ok: false, reason: "signature" });
    expect(await refusal({ secret: other })).toEqual({ ok: false, reason: "signature" });
    expect(await refusal({ headers: { ...headers, "webhook-id": "evt_2" } })).toEqual({
      ok: false,
      reason: "signature",
    });
    expect(await refusal({ headers: { ...headers, "webhook-signature": "v1,%%% v2,AA" } })).toEqual({
      ok: false,
      reason: "signature",
    });
    expect(await refusal({ headers: {} })).toEqual({ ok: false, reason: "headers" });
    expect(await refusal({ nowMs: Date.now() + 301_000 })).toEqual({ ok: false, reason: "time" });
    expect(await refusal({ nowMs: Date.now() - 302_000 })).toEqual({ ok: false, reason: "time" });
    expect(await refusal({ body: "no", headers: await headersOf("no", [secret]) })).toEqual({
      ok: false,
      reason: "json",
    });
  });
});

describe("the examples of receivers", () => {
  let child: ChildProcess | null = null;
  afterEach(() => child?.kill());

  it("in Node: takes a signed webhook, repeats included, and refuses every other", async () => {
    child = spawn(process.execPath, ["examples/receiver-node.ts"], {
      env: { ...process.env, PORT: "0", SIGNING_SECRET: secret },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    if (child.stdout === null) throw new Error("no output to read");
    await once(child.stdout, "data");
    const url = `http://127.0.0.1:${/listening on (\d+)/.exec(output)?.[1]}/hook`;
    const headers = await headersOf(body, [secret]);
    for (let time = 0; time < 2; time += 1) {
      expect((await fetch(url, { method: "POST", headers, body })).status).toBe(204);
    }
    expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(401);
    await expect.poll(() => output.match(/event evt_1/g)).toHaveLength(1);
  });

  it("in Hono: takes a signed webhook and refuses every other", async () => {
    const post = (text: string, headers: Record<string, string>) =>
      app.request("/hook", { method: "POST", headers, body: text }, { SIGNING_SECRET: secret });
    const headers = await headersOf(body, [secret]);
    expect((await post(body, headers)).status).toBe(204);
    expect((await post("{}", headers)).status).toBe(401);
  });
});
