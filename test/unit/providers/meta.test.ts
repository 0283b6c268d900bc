import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meta } from "../../../src/providers/meta/index.ts";
import { signatureScheme } from "../../../src/providers/meta/signature.ts";
import type { Webhook } from "../../../src/providers/provider.ts";
import type { AuthEntry } from "../../../src/providers/scheme.ts";

const secret = "0123456789abcdef0123456789abcdef";
const auth = signatureScheme.entry.parse({ type: "hmac", secret, verifyToken: "a-token-of-mine" });
const body = new TextEncoder().encode('{"object":"whatsapp_business_account","note":"\\u00e4"}');
const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

function aWebhook(over: Partial<Webhook> = {}): Webhook {
  return {
    method: "POST",
    url: "https://tickline.example/in/a-source",
    headers: new Map([["x-hub-signature-256", signature]]),
    body,
    ...over,
  };
}

function handshake(query: Record<string, string>, entries: readonly AuthEntry[] = [auth]) {
  const url = `https://tickline.example/in/a-source?${new URLSearchParams(query).toString()}`;
  return meta.handshake?.(aWebhook({ method: "GET", url }), entries);
}

describe("Meta's signature", () => {
  it("holds over the raw bytes", async () => {
    expect(await signatureScheme.verify(aWebhook(), auth, 0)).toBe("verified");
  });

  it("holds for an entry without a token for the handshake", async () => {
    const bare = signatureScheme.entry.parse({ type: "hmac", secret });
    expect(await signatureScheme.verify(aWebhook(), bare, 0)).toBe("verified");
  });

  it("refuses every change of one byte in the body or the signature", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = body.map((byte, index) => (index === at ? byte ^ by : byte));
        expect(await signatureScheme.verify(aWebhook({ body: changed }), auth, 0)).toBe("refused");
      }),
    );
    for (let at = 0; at < signature.length; at += 1) {
      const other = signature[at] === "0" ? "1" : "0";
      const forged = signature.slice(0, at) + other + signature.slice(at + 1);
      const headers = new Map([["x-hub-signature-256", forged]]);
      expect(await signatureScheme.verify(aWebhook({ headers }), auth, 0)).toBe("refused");
    }
  });

  it("refuses without a signature, and with the older one alone", async () => {
    const older = createHmac("sha1", secret).update(body).digest("hex");
    for (const headers of [new Map<string, string>(), new Map([["x-hub-signature", `sha1=${older}`]])]) {
      expect(await signatureScheme.verify(aWebhook({ headers }), auth, 0)).toBe("refused");
    }
  });

  it("can't be set up with a prefix under which no signature would ever hold", () => {
    const entry = { type: "hmac", secret };
    expect(signatureScheme.entry.safeParse({ ...entry, prefix: "x".repeat(100) }).success).toBe(true);
    expect(signatureScheme.entry.safeParse({ ...entry, prefix: "x".repeat(101) }).success).toBe(false);
  });

  it("can't be set up without the app secret, which only Meta can issue", () => {
    expect(signatureScheme.entry.safeParse({ type: "hmac" }).success).toBe(false);
  });
});

describe("Meta's handshake", () => {
  const asked = {
    "hub.mode": "subscribe",
    "hub.challenge": "1158201444",
    "hub.verify_token": "a-token-of-mine",
  };

  it("gives the challenge back as text", () => {
    expect(handshake(asked)).toEqual({ accepted: true, body: "1158201444", contentType: "text/plain" });
  });

  it.each([
    ["another token", { ...asked, "hub.verify_token": "a-token-of-mind" }],
    ["a shorter token", { ...asked, "hub.verify_token": "a-token" }],
    ["another mode", { ...asked, "hub.mode": "unsubscribe" }],
    ["no challenge", { "hub.mode": "subscribe", "hub.verify_token": "a-token-of-mine" }],
    ["nothing", {}],
  ])("is refused with %s", (_, query) => {
    expect(handshake(query)).toMatchObject({ accepted: false, body: "" });
  });

  it("is refused if the source has no token for it", () => {
    const bare = signatureScheme.entry.parse({ type: "hmac", secret });
    expect(handshake({ ...asked, "hub.verify_token": "" }, [bare])).toMatchObject({ accepted: false });
    expect(handshake({ ...asked, "hub.verify_token": "undefined" }, [bare])).toMatchObject({
      accepted: false,
    });
  });
});
