import { env, exports } from "cloudflare:workers";
import { Hono } from "hono";
import { afterEach, expect, test, vi } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import type { AppEnvironment } from "../../../src/http/context.ts";
import { health, requireSecrets } from "../../../src/http/health.ts";
import { databaseAnswers } from "../../../src/http/store.ts";
import { version } from "../../../src/model/version.ts";

afterEach(() => vi.useRealTimers());

const app = new Hono<AppEnvironment>();
app.get("/health", health);
app.use("/v1/*", requireSecrets);
app.get("/v1/anything", (context) => context.text("let in"));

test("a deployment in order says so, with its release", async () => {
  const response = await exports.default.fetch("http://localhost/health");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok", version });
  expect(version).toBe(packageJson.version);
});

test.each(["ROOT_KEY", "ENCRYPTION_KEY"] as const)(
  "without a strong %s every /v1 answers 503",
  async (name) => {
    for (const weak of [undefined, "", "x".repeat(31)]) {
      const weakEnv = { ...env, [name]: weak };
      const answer = await app.request("/health", {}, weakEnv);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ detail: expect.stringContaining(name) });
      expect((await app.request("/v1/anything", {}, weakEnv)).status).toBe(503);
    }
    expect((await app.request("/v1/anything", {}, { ...env, [name]: "x".repeat(32) })).status).toBe(200);
  },
);

test("a database that fails or hangs is not reachable", async () => {
  vi.useFakeTimers();
  const failing = { prepare: () => ({ first: () => Promise.reject(new Error("down")) }) };
  const hanging = { prepare: () => ({ first: () => new Promise(() => {}) }) };
  expect(await databaseAnswers(failing as unknown as D1Database)).toBe(false);
  const answer = databaseAnswers(hanging as unknown as D1Database);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await answer).toBe(false);
});
