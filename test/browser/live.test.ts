/** The live table: rows as they come, filters that stay, and nothing lost while it is held or cut off. */
import { type Page, type WebSocketRoute } from "playwright-core";
import { expect, test } from "vitest";
import { report, useBrowser, visit } from "./dashboard.ts";

useBrowser();

const rowOf = (page: Page, messageId: string) => page.getByRole("row", { name: messageId });
const isLive = (page: Page) => page.locator(".connection-live").waitFor();

test("a message is in the table as soon as the feed tells of it, with shape and word", async () => {
  const page = await visit("/");
  await isLive(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const messageId = crypto.randomUUID();
  await report(messageId, { status: "READ" });
  const row = rowOf(page, messageId);
  await row.waitFor();
  expect(await row.textContent()).toContain("Read");
  expect(await row.locator("svg.glyph").count()).toBe(1);
  expect(await row.textContent()).not.toContain("+390000000");
  // The list had not to be read again, which the page does at times.
  expect(asked.filter((url) => new URL(url).pathname === "/v1/messages")).toEqual([]);
});

test("a row moves on when its message does, and goes to the top", async () => {
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  await report(first, { status: "SENT" });
  const page = await visit("/");
  await rowOf(page, first).waitFor();
  await isLive(page);
  await report(second);
  await rowOf(page, second).waitFor();
  await report(first, { status: "DELIVERED", statusDate: new Date().toISOString() });
  await expect.poll(async () => rowOf(page, first).textContent()).toContain("Delivered");
  const keys = await page.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.dataset["key"]));
  expect(keys.slice(0, 2)).toEqual([`demo-nifteem/${first}`, `demo-nifteem/${second}`]);
});

test("filters are in the address and survive a reload", async () => {
  const [failed, read] = [crypto.randomUUID(), crypto.randomUUID()];
  await report(failed, { status: "FAILED" });
  await report(read, { status: "READ" });
  const page = await visit("/");
  await rowOf(page, read).waitFor();
  await page.getByLabel("Status").selectOption("failed");
  await rowOf(page, read).waitFor({ state: "detached" });
  await page.getByLabel("Source").selectOption("demo-nifteem");
  await page.reload();
  await rowOf(page, failed).waitFor();
  expect(await page.getByLabel("Status").inputValue()).toBe("failed");
  expect(await page.getByLabel("Source").inputValue()).toBe("demo-nifteem");
  expect(await rowOf(page, read).count()).toBe(0);
  await isLive(page);
  await report(failed, { status: "DELIVERED", statusDate: new Date().toISOString() });
  await rowOf(page, failed).waitFor({ state: "detached" });
  await page.goBack();
  await page.goBack();
  await rowOf(page, read).waitFor();
});

test("a message is found by its id and by its recipient", async () => {
  const messageId = crypto.randomUUID();
  const recipient = `+39${Date.now()}`;
  await report(messageId, { channelIdentifier: recipient });
  const page = await visit("/");
  for (const word of [messageId, recipient]) {
    await page.getByLabel("Search").fill(word);
    await page.getByLabel("Search").press("Enter");
    await expect.poll(async () => page.locator("tbody tr").count()).toBe(1);
    await rowOf(page, messageId).waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
  }
  await page.getByLabel("Search").fill("there-is-none");
  await page.getByLabel("Search").press("Enter");
  await page.getByText("No message fits").waitFor();
});

test("what comes while it is paused is counted, and there after Resume", async () => {
  const earlier = crypto.randomUUID();
  await report(earlier);
  const page = await visit("/");
  // Else it might come while the table is held, and be counted.
  await rowOf(page, earlier).waitFor();
  await isLive(page);
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await page.locator("tbody tr").count();
  const messageIds = Array.from({ length: 12 }, () => crypto.randomUUID());
  for (const messageId of messageIds) await report(messageId);
  await page.getByRole("button", { name: "12 new" }).waitFor();
  expect(await page.locator("tbody tr").count()).toBe(before);
  await page.getByRole("button", { name: "Resume" }).click();
  for (const messageId of messageIds) await rowOf(page, messageId).waitFor();
});

test("a socket that is cut is opened again, and what came meanwhile is there", async () => {
  const sockets: WebSocketRoute[] = [];
  let mayConnect = true;
  const page = await visit("/", {
    before: (opened) =>
      opened.routeWebSocket("**/v1/stream", async (socket) => {
        sockets.push(socket);
        if (mayConnect) socket.connectToServer();
        else await socket.close({ code: 4503, reason: "cut by the test" });
      }),
  });
  await isLive(page);
  mayConnect = false;
  await sockets.at(-1)?.close({ code: 4500, reason: "cut by the test" });
  await page.getByText("Reconnecting").waitFor();
  const messageId = crypto.randomUUID();
  await report(messageId);
  expect(await rowOf(page, messageId).count()).toBe(0);
  mayConnect = true;
  await rowOf(page, messageId).waitFor();
  await isLive(page);
});

test("by keyboard alone: into the table, along it, into a message and back", async () => {
  const messageIds = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  for (const messageId of messageIds) await report(messageId);
  const page = await visit("/");
  for (const messageId of messageIds) await rowOf(page, messageId).waitFor();
  await isLive(page);
  await page.keyboard.press("Control+k");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement?.closest("tbody") !== null)) break;
  }
  await page.keyboard.press("ArrowDown");
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  expect(focused).toBe(messageIds[1]);
  // While somebody is in the table, it stays as it is.
  await report(crypto.randomUUID());
  await page.getByRole("button", { name: "1 new" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(focused);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: focused ?? "" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  await page.goBack();
  await page.getByRole("heading", { name: "Live" }).waitFor();
});
