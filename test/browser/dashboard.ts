/** The dashboard in a real browser, in front of a service that runs as a user starts it. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import * as z from "zod";
import { launchChromium } from "../support/chromium.ts";

declare module "vitest" {
  interface ProvidedContext {
    origin: string;
    rootKey: string;
  }
}

export const origin = inject("origin");
export const rootKey = inject("rootKey");

let browser: Browser;
const faults: string[] = [];

/** To be called once in each file: a browser for it, and after each test the proof that no page complained. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());
}

interface Visit extends BrowserContextOptions {
  /** Null: nobody is signed in. */
  readonly key?: string | null;
  readonly before?: (page: Page) => Promise<void>;
  /** False where frames are what is measured. */
  readonly lateFrames?: boolean;
}

export async function visit(
  path: string,
  { key = rootKey, before, lateFrames = true, ...options }: Visit = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    locale: "en-GB",
    timezoneId: "Europe/Rome",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // A failed request is the page's to explain, and each test's to expect.
    const isFault = message.type() === "error" && !message.text().startsWith("Failed to load resource");
    if (isFault) faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) faults.push(`a request to another host: ${request.url()}`);
  });
  if (lateFrames) await page.addInitScript(delayFrames);
  await before?.(page);
  await page.goto(key === null ? `${origin}${path}` : `${origin}${path}#key=${encodeURIComponent(key)}`);
  return page;
}

/**
 * As on a busy machine: what a page puts off to its next frame comes after what a quick hand does meanwhile.
 * A page that is wrong until its next frame is so in every run here, and not in one of a hundred.
 */
function delayFrames(): void {
  window.requestAnimationFrame = (draw) => window.setTimeout(() => draw(performance.now()), 100);
  window.cancelAnimationFrame = (frame) => window.clearTimeout(frame);
}

/** That nothing is cut off at the right, once the page has taken on that width. */
export async function expectToFit(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 740 });
  const needed = () => page.evaluate(() => Math.max(document.documentElement.scrollWidth, innerWidth));
  await expect.poll(needed).toBe(width);
}

/** For `before`: what the page says for some seconds only stays there, since a busy test may look later. */
export async function keepWhatPasses(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const start = window.setTimeout.bind(window);
    // "Copied" and what is announced; whatever else waits, as for another connection, goes on.
    const passing = [2_000, 6_000];
    const startOthers = (act: () => void, waitMs = 0) => (passing.includes(waitMs) ? 0 : start(act, waitMs));
    Object.assign(window, { setTimeout: startOthers });
  });
}

/** Tells of one message, as Nifteem would. */
export async function report(
  messageId: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const response = await fetch(`${origin}/in/demo-nifteem`, {
    method: "POST",
    headers: { "X-API-Key": "demo" },
    body: JSON.stringify({
      messageId,
      channel: "RCS",
      channelIdentifier: "+390000000",
      status: "DELIVERED",
      statusDate: new Date().toISOString(),
      ...fields,
    }),
  });
  expect(response.status).toBe(200);
}

export async function callApi(
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { Authorization: `Bearer ${rootKey}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return z.record(z.string(), z.unknown()).parse(text === "" ? {} : JSON.parse(text));
}
