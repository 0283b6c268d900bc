import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";

test("an address that is none gets a problem document", async () => {
  const response = await exports.default.fetch("http://localhost/nothing");
  expect(response.status).toBe(404);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
});
