import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { signatureScheme } from "../../../src/providers/plivo/signature.ts";
import { webhookWith } from "../../support/fixtures.ts";

test("a signature over no nonce is refused, in either version", async () => {
  const unsigned = webhookWith(new TextEncoder().encode("Status=sent"));
  const signed = { v2: unsigned.url, v3: `${unsigned.url}?Statussent.` };
  for (const [version, text] of Object.entries(signed)) {
    const signature = createHmac("sha256", "secret").update(text).digest("base64");
    const headers = new Map([[`x-plivo-signature-${version}`, signature]]);
    const entry = { type: "signature", secret: "secret" };
    expect(await signatureScheme.verify({ ...unsigned, headers }, entry, 0), version).toBe("refused");
  }
});
