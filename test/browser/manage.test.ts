/** Sources, subscriptions and keys: made, tried, replayed and taken back, all from the page. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import * as z from "zod";
import { ownEndpoint } from "../support/endpoint.ts";
import { callApi, origin, report, useBrowser, visit } from "./dashboard.ts";

useBrowser();

const run = promisify(execFile);
let answerStatus = 200;
const endpoint = ownEndpoint((response) => {
  // A failed attempt is made again when somebody asks for it, and not meanwhile by itself.
  response.writeHead(answerStatus, { "Retry-After": "300" }).end("noted");
});

test("a source is made, its curl line works as printed, and its page lights up", async () => {
  const id = `made-${Date.now()}`;
  const page = await visit("/sources");
  await page.getByRole("button", { name: "New source" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Provider").selectOption("callbell");
  await dialog.getByLabel("Provider").selectOption("nifteem");
  await dialog.getByLabel("Name").fill("Made by hand");
  await dialog.getByLabel("Id", { exact: true }).fill("Not an id");
  await dialog.getByRole("button", { name: "Make the source" }).click();
  await dialog.getByText("must be 3 to 63 lower-case letters").first().waitFor();
  await dialog.getByLabel("Id", { exact: true }).fill(id);
  await dialog.getByRole("button", { name: "Make the source" }).click();
  await page.getByRole("heading", { name: "Made by hand" }).waitFor();
  const secret = await page.getByRole("dialog").locator("code").textContent();
  expect(secret?.length).toBeGreaterThan(30);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page.getByText("Waiting for the first webhook").waitFor();
  await page.getByText(`${origin}/in/${id}`, { exact: true }).waitFor();
  const line = await page.getByRole("region", { name: "the curl line" }).textContent();
  const { stdout } = await run("bash", ["-c", line ?? ""]);
  expect(stdout).toMatch(/^HTTP\/1\.1 200/);
  await page.getByText("Webhooks arrive").waitFor();
  await page.reload();
  await page.getByText("Webhooks arrive").waitFor();
  expect(await page.content()).not.toContain(secret);
});

test("a source's secret is rotated and shown once; the source is switched off and deleted", async () => {
  const id = `rotated-${Date.now()}`;
  await callApi("POST", "/v1/sources", { provider: "callbell", name: "To rotate", id });
  const page = await visit(`/sources/${id}`);
  await page.getByRole("button", { name: "Rotate secrets" }).click();
  await page.getByRole("button", { name: "Make new secrets" }).click();
  await page.getByText("The credentials before hold until").waitFor();
  const url = await page.getByRole("region", { name: "the address" }).textContent();
  expect(url).toMatch(new RegExp(`/in/${id}/[A-Za-z0-9]{30,}$`));
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("Switched off: webhooks are answered 404").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete the source" }).click();
  await page.getByRole("heading", { name: "Sources" }).waitFor();
  await expect.poll(async () => page.getByText(id).count()).toBe(0);
});

test("a subscription is made, tested, fails, is retried and replayed, with its progress", async () => {
  const page = await visit("/subscriptions");
  await makeSubscription(page);
  answerStatus = 200;
  await page.getByRole("button", { name: "Send a test event" }).click();
  await expect.poll(() => endpoint.arrived.length).toBeGreaterThan(0);
  await refreshed(page, ["Delivered"]);
  answerStatus = 500;
  const messageId = crypto.randomUUID();
  await report(messageId);
  await refreshed(page, ["Retrying", "Delivered"]);
  await page.getByText("Next attempt").waitFor();
  answerStatus = 200;
  await page
    .getByRole("button", { name: /^Retry now, evt_/ })
    .first()
    .click();
  await refreshed(page, ["Delivered", "Delivered"]);
  const before = endpoint.arrived.length;
  await page.getByRole("button", { name: "Replay" }).click();
  await page.getByLabel("Send", { exact: true }).selectOption("all");
  await page.getByRole("button", { name: "Start the replay" }).click();
  await page.getByRole("heading", { name: "Replay done" }).waitFor();
  await expect.poll(() => endpoint.arrived.length).toBeGreaterThan(before);
  await page.goto(`${origin}/messages/demo-nifteem/${messageId}`);
  await refreshed(page, ["Delivered"]);
  await page.locator(".delivery summary").click();
  await page.getByText("noted").first().waitFor();
});

test("a filter that names a provider of another release keeps nobody from changing the rest", async () => {
  const { id } = await callApi("POST", "/v1/subscriptions", {
    url: `${endpoint.origin}/hook`,
    name: "Elsewhere",
  });
  const page = await visit(`/subscriptions/${String(id)}`, {
    before: async (opened) => {
      await opened.route(`**/v1/subscriptions/${String(id)}`, async (route) => {
        if (route.request().method() !== "GET") return route.continue();
        const response = await route.fetch();
        const subscription = z.looseObject({ filter: z.looseObject({}) }).parse(await response.json());
        const filter = { ...subscription.filter, providers: ["newcomer"] };
        return route.fulfill({ response, json: { ...subscription, filter } });
      });
    },
  });
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByLabel("Name").fill("Everywhere");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Everywhere" }).waitFor();
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByLabel("Only these sources").fill("demo-nifteem");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("demo-nifteem").first().waitFor();
});

test("an address that must not be called is refused at its field, and what was typed stays", async () => {
  const page = await visit("/subscriptions");
  await page.getByRole("button", { name: "New subscription" }).first().click();
  await page.getByLabel("Address").fill("http://10.0.0.1/hook");
  await page.getByRole("button", { name: "Make the subscription" }).click();
  await expect.poll(async () => page.getByLabel("Address").getAttribute("aria-invalid")).toBe("true");
  expect(await page.getByLabel("Address").inputValue()).toBe("http://10.0.0.1/hook");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("url");
});

test("a key is made, shown once, changed and revoked", async () => {
  const page = await visit("/keys");
  await page.getByRole("button", { name: "New key" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Reporting");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
  expect(key).toMatch(/^tk_[0-9A-Za-z]{36}$/);
  await page.getByRole("button", { name: "I have copied it" }).click();
  const row = page.getByRole("row", { name: "Reporting" });
  await row.getByText("feed:read").waitFor();
  expect(await page.content()).not.toContain(key);
  await row.getByRole("button", { name: "Change Reporting" }).click();
  await page.getByLabel("Follow events live").uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await row.getByText("feed:read").waitFor({ state: "detached" });
  await row.getByRole("button", { name: "Revoke Reporting" }).click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await row.waitFor({ state: "detached" });
});

test("a rejected webhook says what was wrong and where, and is tried again", async () => {
  const response = await fetch(`${origin}/in/demo-nifteem`, {
    method: "POST",
    headers: { "X-API-Key": "demo" },
    body: JSON.stringify({ messageId: crypto.randomUUID(), status: 7, statusDate: "yesterday" }),
  });
  expect(response.status).toBe(422);
  const page = await visit("/rejected");
  await page.locator("tbody a").first().click();
  await page.getByText("statusDate").first().waitFor();
  await page.getByRole("button", { name: "Try again to read it" }).click();
  await page.locator(".notice").getByText("Invalid values").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Nothing was rejected").waitFor();
});

async function makeSubscription(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New subscription" }).first().click();
  await page.getByLabel("Address").fill(`${endpoint.origin}/hook`);
  await page.getByLabel("Name").fill("CRM");
  await page.getByLabel("Only these sources").fill("demo-nifteem");
  await page.getByRole("button", { name: "Make the subscription" }).click();
  await page.getByRole("heading", { name: "CRM" }).waitFor();
  expect(await page.getByRole("dialog").locator("code").textContent()).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "I have copied it" }).click();
}

/** Reads the deliveries again until their states are these. */
async function refreshed(page: Page, wanted: readonly string[]): Promise<void> {
  const states = async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    return page.locator(".delivery .status-word").allTextContents();
  };
  await expect.poll(states, { interval: 300 }).toEqual(wanted);
}
