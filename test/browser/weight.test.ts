/** What the page costs: its first load in bytes, and how it bears a flood of events. */
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Page, WebSocketRoute } from "playwright-core";
import { expect, test } from "vitest";
import * as z from "zod";
import { serverFrameSchema } from "../../src/stream/serverFrame.ts";
import { origin, report, useBrowser, visit } from "./dashboard.ts";

useBrowser();

const firstLoadKiBMax = 60;

test(`the first load is at most ${firstLoadKiBMax} KiB gz, under a strict policy`, async () => {
  const bodies: Promise<Buffer>[] = [];
  const page = await visit("/", {
    before: async (opened) => {
      opened.on("response", (response) => {
        if (!new URL(response.url()).pathname.startsWith("/v1/")) bodies.push(response.body());
      });
    },
  });
  await page.getByRole("heading", { name: "Live" }).waitFor();
  await page.waitForLoadState("networkidle");
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).byteLength);
  expect(sizes.length).toBeGreaterThanOrEqual(3);
  expect(sizes.reduce((sum, size) => sum + size, 0) / 1_024).toBeLessThanOrEqual(firstLoadKiBMax);
  const policy = (await fetch(`${origin}/overview`)).headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test("the code of an older build is gone, and not a page that a browser would keep for a year", async () => {
  const response = await fetch(`${origin}/assets/index-older.js`);
  expect(response.status).toBe(404);
  expect(response.headers.get("Cache-Control") ?? "").not.toContain("immutable");
});

test("of two thousand events in a few seconds the newest rows are shown, drawn a few times", async () => {
  const seed = crypto.randomUUID();
  const stream: Stream = { socket: null, frames: [], isOurs: false };
  const page = await visit("/", {
    lateFrames: false,
    before: (opened) =>
      opened.routeWebSocket("**/v1/stream", (socket) => {
        stream.socket = socket;
        socket.connectToServer().onMessage((frame) => {
          // What other tests cause would break the chain that is made up below.
          if (stream.isOurs) return;
          stream.frames.push(String(frame));
          socket.send(frame);
        });
      }),
  });
  await page.locator(".connection-live").waitFor();
  await report(seed);
  await page.getByRole("row", { name: seed }).waitFor();
  stream.isOurs = true;
  const countDrawings = await drawingsOf(page);
  const startMs = performance.now();
  for (const frame of flood(stream.frames, seed)) {
    stream.socket?.send(frame);
    await wait(25);
  }
  await page.getByRole("row", { name: "flood-1999" }).waitFor();
  await expect.poll(async () => page.locator("tbody tr a").first().textContent()).toBe("flood-1999");
  await expect.poll(async () => page.locator("tbody tr").count()).toBe(150);
  // Four times a second, each perhaps with the rows further down after it, and a few for the beginning and the end.
  expect(await countDrawings()).toBeLessThanOrEqual((performance.now() - startMs) / 125 + 5);
});

interface Stream {
  socket: WebSocketRoute | null;
  readonly frames: string[];
  /** From here on the page hears only what this test makes up. */
  isOurs: boolean;
}

/** How often the table was drawn from now on. */
async function drawingsOf(page: Page): Promise<() => Promise<number>> {
  const count = await page.evaluateHandle(() => {
    const seen = { drawings: 0 };
    const body = document.querySelector("tbody");
    if (body === null) throw new Error("the table is there");
    new MutationObserver(() => {
      seen.drawings += 1;
    }).observe(body, { childList: true });
    return seen;
  });
  return () => count.evaluate(({ drawings }) => drawings);
}

/**
 * Eighty frames of 25 messages each, made of the one that the service sent, in an unbroken chain. A hundred frames may
 * wait in our client; beyond that it would come back and ask the service for what is made up here.
 */
function flood(frames: readonly string[], seed: string): string[] {
  const parsed = frames.map((text) => serverFrameSchema.parse(JSON.parse(text)));
  const events = parsed.flatMap((frame) => (frame.type === "events" ? frame.events : []));
  const [template] = z.array(z.looseObject({})).parse(events.filter(({ messageId }) => messageId === seed));
  const last = parsed.findLast((frame) => frame.type === "events" || frame.type === "live");
  let from = last?.type === "events" ? last.to : last?.type === "live" ? last.cursor : "";
  const nowMs = Date.now();
  return Array.from({ length: 80 }, (_, page) => {
    const to = `flood-${page}`;
    const made = Array.from({ length: 25 }, (__, index) => {
      const number = page * 25 + index;
      const receivedAt = new Date(nowMs + number).toISOString();
      return { ...template, id: `evt_${number}`, messageId: `flood-${number}`, receivedAt, cursor: to };
    });
    const frame = JSON.stringify({ type: "events", id: "feed", from, to, replay: false, events: made });
    from = to;
    return frame;
  });
}
