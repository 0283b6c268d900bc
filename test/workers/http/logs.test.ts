import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { answerOf, ask, newKey } from "../../support/api.ts";

const lines: string[] = [];
for (const level of ["log", "info", "warn", "error", "debug"] as const) {
  vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
    lines.push(words.map(String).join(" "));
  });
}

afterEach(() => {
  lines.length = 0;
});

const created = z.looseObject({
  id: z.string(),
  ingestUrl: z.string(),
  auth: z.tuple([z.looseObject({ token: z.string() })]),
});

async function post(path: string, body: unknown): Promise<Response> {
  return ask("POST", path, { key: null, body });
}

test("no log line has a key, a token, an address with a token, or a recipient in clear", async () => {
  const recipient = "+393331234567";
  const { id: keyId, key } = await newKey(["sources:write", "messages:read"]);
  const body = { provider: "callbell", name: "logged", auth: [{ type: "urlToken" }] };
  const source = await answerOf(await ask("POST", "/v1/sources", { key, body }), 201, created);
  const [{ token }] = source.auth;
  const webhook = {
    event: "message_status_updated",
    payload: { uuid: crypto.randomUUID(), status: "read", contact: { phoneNumber: recipient } },
  };
  expect((await post(`/in/${source.id}/${token}`, webhook)).status).toBe(200);
  expect((await post(`/in/${source.id}/${token}x`, webhook)).status).toBe(401);
  expect((await post(`/in/no-such-source/${token}`, webhook)).status).toBe(404);
  await post(`/in/${source.id}/${token}`, { ...webhook, payload: { contact: { phoneNumber: recipient } } });
  await ask("GET", `/v1/messages?recipient=${encodeURIComponent(recipient)}`, { key });
  await ask("GET", "/v1/sources", { key: `${key}x` });
  await ask("DELETE", `/v1/keys/${keyId}`);
  await expect.poll(() => lines.some((line) => line.includes("events.fannedOut"))).toBe(true);
  const text = lines.join("\n");
  expect(text).toContain(source.id);
  for (const secret of [key, token, recipient, recipient.slice(1)]) expect(text).not.toContain(secret);
});
