import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { subscriptionSchema } from "../../../src/model/subscription.ts";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { anything, answerOf, ask } from "../../support/api.ts";
import { type Receivers, receivers } from "../../support/receiver.ts";
import { change, freshEvent, removeAll, subscribe } from "../../support/subscriptions.ts";

let world: Receivers;
beforeEach(() => {
  world = receivers();
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

const problemSchema = z.looseObject({ errors: z.array(z.object({ path: z.string() })) });

async function faultsOfChange(id: string, body: unknown): Promise<string[]> {
  const answer = await ask("PATCH", `/v1/subscriptions/${id}`, { body });
  return (await answerOf(answer, 422, problemSchema)).errors.map(({ path }) => path);
}

describe("a changed subscription", () => {
  it("changes what is given and keeps the rest, header values included", async () => {
    const { id } = await subscribe({
      url: "https://kept.example.com/",
      name: "before",
      headers: { "X-Keep": "kept", "X-Drop": "dropped" },
    });
    const changed = await change(id, {
      name: "after",
      headers: { "X-Keep": "…", "X-New": "new" },
      parallelism: 4,
    });
    expect(changed).toMatchObject({
      name: "after",
      url: "https://kept.example.com/",
      headers: { "X-Keep": "…", "X-New": "…" },
      parallelism: 4,
    });
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => world.at("kept.example.com").length).toBe(1);
    const headers = world.at("kept.example.com")[0]?.headers;
    expect([headers?.get("X-Keep"), headers?.get("X-New"), headers?.get("X-Drop")]).toEqual([
      "kept",
      "new",
      null,
    ]);
  });

  it("takes no header's value along to another scheme, host or port", async () => {
    const { id } = await subscribe({
      url: "https://trusted.example.com/hook",
      headers: { Authorization: "Bearer trusted" },
    });
    for (const url of ["https://elsewhere.example.com/hook", "https://trusted.example.com:8443/hook"]) {
      expect(await faultsOfChange(id, { url })).toEqual(["headers"]);
      const kept = { url, headers: { authorization: "…" } };
      expect(await faultsOfChange(id, kept)).toEqual(["headers.authorization"]);
    }
    expect((await change(id, { url: "https://trusted.example.com/other" })).headers).toEqual({
      Authorization: "…",
    });
    await change(id, { url: "https://elsewhere.example.com/hook", headers: {} });
    await change(id, { url: "https://trusted.example.com/hook" });
    await shareEvents(env, [freshEvent()]);
    await expect.poll(() => world.at("trusted.example.com").length).toBe(1);
    expect(world.at("trusted.example.com")[0]?.headers.get("Authorization")).toBeNull();
  });

  it("gets no events while it is inactive", async () => {
    const { id } = await subscribe({ url: "https://off.example.com/", status: "inactive" });
    await shareEvents(env, [freshEvent()]);
    const deliveries = await answerOf(await ask("GET", `/v1/subscriptions/${id}/deliveries`), 200, anything);
    expect(deliveries).toEqual({ data: [], nextCursor: null });
    expect((await ask("POST", `/v1/subscriptions/${id}/test`)).status).toBe(409);
    await change(id, { status: "active" });
    await shareEvents(env, [freshEvent()]);
    await expect.poll(() => world.at("off.example.com").length).toBe(1);
  });

  it("that two change at once keeps both changes", async () => {
    const { id } = await subscribe({ url: "https://race.example.com/" });
    await Promise.all([
      change(id, { name: "n" }),
      change(id, { timeoutSeconds: 7 }),
      change(id, { ratePerSecond: 3 }),
    ]);
    expect(
      await answerOf(await ask("GET", `/v1/subscriptions/${id}`), 200, subscriptionSchema),
    ).toMatchObject({
      name: "n",
      timeoutSeconds: 7,
      ratePerSecond: 3,
    });
  });
});
