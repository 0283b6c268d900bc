/** One message: the order of its timeline, what each event did, and that the page follows it. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { keepWhatPasses, origin, report, useBrowser, visit } from "./dashboard.ts";

useBrowser();

const words = (page: Page) => page.locator(".timeline .event-word").allTextContents();

/** Read, then failed, then sent, then delivered twice: as providers do. */
async function shuffled(): Promise<string> {
  const messageId = crypto.randomUUID();
  const startMs = Date.now() - 60_000;
  const at = (seconds: number) => new Date(startMs + seconds * 1_000).toISOString();
  const delivered = { status: "DELIVERED", statusDate: at(10) };
  await report(messageId, { status: "READ", statusDate: at(20), dispatchId: "shuffled" });
  await report(messageId, { status: "FAILED", statusDate: at(30) });
  await report(messageId, { status: "SENT", statusDate: at(0) });
  await report(messageId, delivered);
  await report(messageId, delivered);
  return messageId;
}

test("the timeline of a shuffled message tells what happened, and at a switch what was heard", async () => {
  const messageId = await shuffled();
  const page = await visit(`/messages/demo-nifteem/${messageId}`);
  await page.getByRole("heading", { name: messageId }).waitFor();
  await expect.poll(() => words(page)).toEqual(["Sent", "Delivered", "Read", "Failed"]);
  expect(await page.locator(".line-word").allTextContents()).toEqual(["Sent", "Delivered", "Read"]);
  const effects = await page.locator(".event-effect").allTextContents();
  expect(effects[0]).toMatch(/^Came .* late: read was already known\.$/);
  expect(effects[2]).toBe("First news of the message.");
  expect(effects[3]).toMatch(/^Contradicts read, which stands/);
  await page.getByText("Reports contradict each other").waitFor();
  await page.getByText("1 repeat of these changed nothing").waitFor();
  await page.getByRole("button", { name: "As we heard it" }).click();
  await expect.poll(() => words(page)).toEqual(["Read", "Failed", "Sent", "Delivered"]);
  await page.reload();
  await expect.poll(() => words(page)).toEqual(["Read", "Failed", "Sent", "Delivered"]);
});

test("the raw payload can be read and copied", async () => {
  const messageId = await shuffled();
  const page = await visit(`/messages/demo-nifteem/${messageId}`, { before: keepWhatPasses });
  await page.getByText("Raw payload").first().click();
  await page.getByRole("button", { name: "Copy the raw payload" }).click();
  await page.getByRole("button", { name: "Copied the raw payload" }).waitFor();
  const copied: unknown = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject({ messageId, status: "SENT" });
});

test("a page that is opened before anything is known fills by itself", async () => {
  const messageId = crypto.randomUUID();
  const page = await visit(`/messages/demo-nifteem/${messageId}`, { before: keepWhatPasses });
  await page.getByText("Nothing is known of this message yet").waitFor();
  await page.locator(".connection-live").waitFor();
  await report(messageId, { status: "SENT" });
  await expect.poll(() => words(page)).toEqual(["Sent"]);
  await report(messageId, { status: "READ", statusDate: new Date().toISOString() });
  await expect.poll(() => words(page)).toEqual(["Sent", "Read"]);
  expect(await page.getByRole("status").textContent()).toBe("Now read.");
});

test("a failure says why, and what can be done", async () => {
  const messageId = crypto.randomUUID();
  const response = await fetch(`${origin}/in/demo-texter`, {
    method: "POST",
    headers: { Authorization: "Bearer demo" },
    body: JSON.stringify({
      eventName: "messageStatusChanged",
      eventData: {
        chat: { channelInfo: { name: "whatsapp", id: "972521234567" } },
        messageStatus: 5,
        error: "The channel is not connected",
        timestamp: Date.now(),
        externalId: [messageId],
      },
    }),
  });
  expect(response.status).toBe(200);
  const page = await visit(`/messages/demo-texter/${messageId}`);
  await page.getByRole("heading", { name: "The channel is not working" }).waitFor();
  await page.getByText("Check the sender’s connection at the provider.").waitFor();
});

test("an id with a slash and a per cent sign has an address that survives a reload", async () => {
  const messageId = `a/b%2F c+${crypto.randomUUID()}`;
  await report(messageId);
  const page = await visit("/");
  await page.getByRole("link", { name: messageId }).click();
  await page.getByRole("heading", { name: messageId }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: messageId }).waitFor();
  await expect.poll(() => words(page)).toEqual(["Delivered"]);
});

test("recipients are masked until they are asked for", async () => {
  const messageId = crypto.randomUUID();
  await report(messageId, { channelIdentifier: "+391234567890" });
  const page = await visit(`/messages/demo-nifteem/${messageId}`);
  await page.getByText("+39 ••• 90").waitFor();
  expect(await page.locator(".facts").textContent()).not.toContain("1234567");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("+391234567890").waitFor();
});

test("a group shows its funnel and leads to its messages", async () => {
  const group = `group-${crypto.randomUUID()}`;
  for (const status of ["SENT", "READ", "READ", "FAILED"]) {
    await report(crypto.randomUUID(), { dispatchId: group, status });
  }
  const page = await visit(`/groups/demo-nifteem/${group}`);
  await expect
    .poll(async () => {
      await page.getByRole("button", { name: "Refresh" }).click();
      return page.locator(".bar-name").allTextContents();
    })
    .toEqual(["Sent", "Read", "Failed"]);
  await page.getByRole("link", { name: "Read" }).click();
  await expect.poll(async () => page.locator("tbody tr").count()).toBe(2);
});
