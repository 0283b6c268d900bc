/** Every page for everybody: no fault that axe can find, in light and dark, and nothing cut off on a small phone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { callApi, expectToFit, report, useBrowser, visit } from "./dashboard.ts";
import { repository } from "../support/service.ts";

useBrowser();

const axe = readFileSync(join(repository, "node_modules/axe-core/axe.min.js"), "utf8");
const messageId = "seen-by-everybody";
const group = "seen-group";
const paths = [
  "/",
  `/messages/demo-nifteem/${messageId}`,
  "/overview",
  `/groups/demo-nifteem/${group}`,
  "/subscriptions",
  "/subscriptions/seen",
  "/sources",
  "/sources/demo-nifteem",
  "/rejected",
  "/keys",
];
let subscriptionId = "";

beforeAll(async () => {
  await report(messageId, { status: "READ", dispatchId: group });
  await report(messageId, { status: "FAILED", dispatchId: group, statusDate: new Date().toISOString() });
  await report(`${messageId}-${"long".repeat(30)}`, {
    status: "SENT",
    dispatchId: group,
    messageTotalParts: 3,
  });
  await callApi("POST", "/v1/keys", {
    name: "Everybody",
    scopes: ["messages:read", "feed:read", "sources:write"],
  });
  const made = await callApi("POST", "/v1/subscriptions", {
    status: "inactive",
    url: "http://localhost:9/hook",
    name: "Seen",
  });
  subscriptionId = String(made["id"]);
});

const pathOf = (path: string) => path.replace("/subscriptions/seen", `/subscriptions/${subscriptionId}`);

async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expect.poll(async () => page.locator(".loading").count()).toBe(0);
}

async function violations(page: Page): Promise<string[]> {
  // Evaluated as text: a script element would break the page's own policy.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof import("axe-core") };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await checker.run({ runOnly: tags });
    return found.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ""}`).join(" | ")}`,
    );
  });
}

test.each(paths)(
  "%s has no fault that axe finds, in light and in dark, and fits a width of 360 px",
  async (path) => {
    const page = await visit(pathOf(path));
    await settled(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    await expectToFit(page, 360);
  },
);

test.each([
  ["/sources", "New source"],
  ["/subscriptions", "New subscription"],
  ["/keys", "New key"],
])("axe finds nothing in the dialog of %s", async (path, button) => {
  const page = await visit(path);
  await settled(page);
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
  expect(await violations(page)).toEqual([]);
});

test("axe finds nothing at the sign-in and in the failed sign-in", async () => {
  const page = await visit("/", { key: null });
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".notice").waitFor();
  expect(await violations(page)).toEqual([]);
});

test("there is one polite status region, and the theme that is chosen stays", async () => {
  const page = await visit("/");
  await settled(page);
  expect(await page.locator("[aria-live], [role=status], [role=alert]").count()).toBe(1);
  await page.getByLabel("Theme").selectOption("dark");
  await page.reload();
  await settled(page);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
});
