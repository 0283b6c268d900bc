import { describe, expect, test } from "vitest";
import * as z from "zod";
import { answerOf, ask } from "../../support/api.ts";

const problem = z.looseObject({ status: z.int(), instance: z.string(), type: z.string(), title: z.string() });

test("a method that an address does not have is 405, and says which it has", async () => {
  const response = await ask("PUT", "/v1/sources");
  expect(response.headers.get("Allow")).toBe("GET, HEAD, POST, OPTIONS");
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  await answerOf(response, 405, problem);
  expect((await ask("POST", "/v1/keys/some-id")).headers.get("Allow")).toBe(
    "GET, HEAD, PATCH, DELETE, OPTIONS",
  );
});

test("an unknown address is 404, under /v1 only for whoever has a key", async () => {
  await answerOf(await ask("GET", "/v1/nothing"), 404, problem);
  await answerOf(await ask("POST", "/v1/sources/a/b/c"), 404, problem);
  await answerOf(await ask("GET", "/v1/nothing", { key: null }), 401, problem);
  await answerOf(await ask("GET", "/nothing", { key: null }), 404, problem);
});

test("HEAD is GET without a body", async () => {
  const response = await ask("HEAD", "/v1/sources");
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

describe("CORS is closed", () => {
  test("OPTIONS says the methods, and lets no other origin in", async () => {
    const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
    const response = await ask("OPTIONS", "/v1/sources", { key: null, headers });
    expect(response.status).toBe(204);
    expect(response.headers.get("Allow")).toBe("GET, HEAD, POST, OPTIONS");
    expect(corsOf(response)).toEqual([]);
  });

  test("an answer to another origin carries no permission, and sets no cookie", async () => {
    const response = await ask("GET", "/v1/sources", { headers: { Origin: "https://evil.example" } });
    expect(corsOf(response)).toEqual([]);
    expect(response.headers.get("Set-Cookie")).toBeNull();
  });
});

test("each answer has a request id of its own, and a problem repeats it", async () => {
  const [good, bad] = [await ask("GET", "/v1/sources"), await ask("GET", "/v1/nothing")];
  expect(good.headers.get("Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(bad.headers.get("Request-Id")).not.toBe(good.headers.get("Request-Id"));
  const { instance } = await answerOf(bad.clone(), 404, problem);
  expect(instance).toBe(bad.headers.get("Request-Id"));
});

function corsOf(response: Response): string[] {
  return [...response.headers.keys()].filter((name) => name.startsWith("access-control-"));
}

test("what is answered to a key is kept in no cache", async () => {
  for (const path of ["/v1/sources", "/v1/keys", "/v1/nothing"]) {
    expect((await ask("GET", path)).headers.get("Cache-Control")).toBe("no-store");
  }
});
