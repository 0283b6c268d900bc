import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { watchSources } from "../../../src/watch/consumer.ts";
import { withBindings } from "../../support/messages.ts";
import { receivers } from "../../support/receiver.ts";
import { givenSource } from "../../support/sources.ts";
import { subscribe } from "../../support/subscriptions.ts";
import { nifteemHeaders, send } from "../../support/webhooks.ts";

const hourMs = 60 * 60 * 1000;

afterEach(() => {
  vi.restoreAllMocks();
});

async function setLastReceived(source: string, ms: number): Promise<void> {
  await env.DB.prepare("UPDATE sources SET last_received_at = ?2 WHERE id = ?1")
    .bind(source, new Date(ms).toISOString())
    .run();
}

async function subscribeTo(type: string, host: string): Promise<void> {
  await subscribe({ url: `https://${host}.example.com/hook`, name: host, filter: { types: [type] } });
}

test("a source that falls silent is told once, and only to who asks for it", async () => {
  const net = receivers();
  await subscribeTo("source.silent", "silence");
  await subscribe({ url: "https://everything.example.com/hook", name: "all", filter: {} });
  const [silent, talking] = [await givenSource(), await givenSource()];
  const nowMs = Date.now();
  await setLastReceived(silent, nowMs - 6 * hourMs);
  await setLastReceived(talking, nowMs - hourMs);
  await watchSources(env, nowMs);
  await watchSources(env, nowMs + hourMs / 2);
  await expect.poll(() => net.at("silence.example.com").length).toBe(1);
  const told: unknown = JSON.parse(net.at("silence.example.com")[0]?.body ?? "");
  expect(told).toMatchObject({ type: "source.silent", source: silent });
  expect(net.at("everything.example.com")).toEqual([]);
});

test("a subscription that cannot be reached keeps nobody else from hearing of every source", async () => {
  const net = receivers();
  const filter = { types: ["source.silent"] };
  const gone = await subscribe({ url: "https://gone.example.com/hook", name: "gone", filter });
  await subscribeTo("source.silent", "listening");
  const nowMs = Date.now();
  const silent = [await givenSource(), await givenSource()];
  for (const source of silent) await setLastReceived(source, nowMs - 6 * hourMs);
  const getByName = (name: string) => {
    if (name.startsWith(gone.id)) throw new Error("out of reach");
    return env.SUBSCRIPTION.getByName(name);
  };
  const broken = withBindings({ SUBSCRIPTION: { getByName } });
  await expect(watchSources(broken, nowMs)).rejects.toThrow("did not answer");
  const told = () =>
    net
      .at("listening.example.com")
      .map(({ body }) => body)
      .join();
  for (const source of silent) await expect.poll(told).toContain(source);
});

test("a source whose webhooks are rejected by the dozen is told, with the reason", async () => {
  const net = receivers();
  await subscribeTo("source.rejecting", "rejecting");
  const source = await givenSource();
  for (let index = 0; index < 10; index += 1) {
    const body = JSON.stringify({ dispatchId: "D", status: "READ", index });
    expect((await send({ path: `/in/${source}`, headers: nifteemHeaders, body })).status).toBe(422);
  }
  await watchSources(env, Date.now());
  await expect.poll(() => net.at("rejecting.example.com").length).toBe(1);
  const told: unknown = JSON.parse(net.at("rejecting.example.com")[0]?.body ?? "");
  expect(told).toMatchObject({ type: "source.rejecting", source });
});

test("a source of which nothing but rubbish comes in is rejecting, and not silent", async () => {
  const net = receivers();
  await subscribe({
    url: "https://rubbish.example.com/hook",
    name: "rubbish",
    filter: { types: ["source.silent", "source.rejecting"] },
  });
  const [source, silent] = [await givenSource(), await givenSource()];
  const nowMs = Date.now();
  for (const heard of [source, silent]) await setLastReceived(heard, nowMs - 6 * hourMs);
  for (let index = 0; index < 10; index += 1) {
    const body = JSON.stringify({ dispatchId: "D", status: "READ", index });
    expect((await send({ path: `/in/${source}`, headers: nifteemHeaders, body })).status).toBe(422);
  }
  await watchSources(env, nowMs + 1_000);
  const told = () => net.at("rubbish.example.com").map(({ body }) => toldSchema.parse(JSON.parse(body)));
  await expect.poll(told).toContainEqual({ type: "source.silent", source: silent });
  await expect.poll(told).toContainEqual({ type: "source.rejecting", source });
  expect(told()).not.toContainEqual({ type: "source.silent", source });
});

const toldSchema = z.object({ type: z.string(), source: z.string() });
