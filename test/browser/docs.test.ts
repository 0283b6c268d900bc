/** The documentation as the running service serves it: for everybody, without a script, on a small phone, offline. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { repository } from "../support/service.ts";
import { expectToFit, origin, useBrowser, visit } from "./dashboard.ts";

useBrowser();

const axe = readFileSync(join(repository, "node_modules/axe-core/axe.min.js"), "utf8");
const violationsSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);
const paths = [
  "/docs",
  "/docs/problems",
  "/docs/stream",
  "/docs/limits",
  "/docs/dashboard",
  "/docs/providers/meta",
];

test.each(paths)(
  "%s has no fault that axe finds, in light and dark, and fits a width of 360 px",
  async (path) => {
    const page = await visit(path, { key: null });
    await page.evaluate(axe);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate("axe.run().then(({ violations }) => violations)");
      expect(violationsSchema.parse(found)).toEqual([]);
    }
    await expectToFit(page, 360);
  },
);

test("a page is whole without a script", async () => {
  const page = await visit("/docs", { key: null, javaScriptEnabled: false });
  expect(await page.locator("article").count()).toBeGreaterThan(50);
});

test("the pictures of a page are there", async () => {
  const page = await visit("/docs/dashboard", { key: null });
  const widths = page
    .locator("img")
    .evaluateAll((images: HTMLImageElement[]) => images.map(({ naturalWidth }) => naturalWidth));
  expect(await widths).toEqual([1280, 1280, 1280, 1280]);
});

test("an operation is found by its name in the contents", async () => {
  const page = await visit("/docs", { key: null });
  await page.getByRole("link", { name: "Create a subscription" }).first().click();
  await expect.poll(() => page.evaluate(() => location.hash)).toBe("#createSubscription");
  expect(await page.locator("#createSubscription").innerText()).toContain("/v1/subscriptions");
});

test("the type of a problem leads to its explanation", async () => {
  const response = await fetch(`${origin}/v1/messages`);
  const { type } = z.object({ type: z.url() }).parse(await response.json());
  const { pathname, hash } = new URL(type);
  const page = await visit(`${pathname}${hash}`, { key: null });
  expect(await page.locator(hash).innerText()).toContain("Authentication required");
});

test.each([
  ["/openapi.json", "openapi", /^3\.1\./],
  ["/asyncapi.json", "asyncapi", /^3\.0\./],
])("%s needs no key", async (path, member, version) => {
  const response = await fetch(`${origin}${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toMatch(/^application\/json/);
  expect(await response.json()).toMatchObject({ [member]: expect.stringMatching(version) });
});
