/** Who gets in, with what, and what they then see. */
import { expect, test } from "vitest";
import { callApi, rootKey, useBrowser, visit } from "./dashboard.ts";

useBrowser();

test("the link that npm start prints signs in, and its key leaves the address at once", async () => {
  const page = await visit("/");
  await page.getByRole("heading", { name: "Live" }).waitFor();
  expect(await page.evaluate(() => location.href)).not.toContain(rootKey);
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  await page.reload();
  await page.getByRole("heading", { name: "Live" }).waitFor();
});

test("the link leads to the page that it names", async () => {
  const page = await visit("/sources?x=1");
  await page.getByRole("heading", { name: "Sources" }).waitFor();
  expect(await page.evaluate(() => location.search)).toBe("?x=1");
});

test("without a key there is the sign-in alone; a wrong key is told what to do, the right one gets in", async () => {
  const page = await visit("/", { key: null });
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.getByRole("navigation").count()).toBe(0);
  await page.getByLabel("Key").fill("tk_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Sign in with a key that holds").first().waitFor();
  await page.getByLabel("Key").fill(rootKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Live" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.evaluate(() => sessionStorage.getItem("tickline.key"))).toBeNull();
});

test("a key sees only the places that its scopes open", async () => {
  const { key } = await callApi("POST", "/v1/keys", { name: "Reader", scopes: ["messages:read"] });
  const page = await visit("/", { key: String(key) });
  await page.getByRole("heading", { name: "Live" }).waitFor();
  expect(await page.getByRole("navigation").getByRole("link").allTextContents()).toEqual([
    "Live",
    "Overview",
  ]);
  await page.getByText("this key lacks feed:read").waitFor();
});

test("a key that is revoked ends at the sign-in, with the reason", async () => {
  const made = await callApi("POST", "/v1/keys", { name: "Short-lived", scopes: ["messages:read"] });
  const page = await visit("/", { key: String(made["key"]) });
  await page.getByRole("heading", { name: "Live" }).waitFor();
  await callApi("DELETE", `/v1/keys/${String(made["id"])}`);
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("Your key no longer holds").waitFor();
});
