import { expect, test } from "vitest";
import * as z from "zod";
import { answerOf, ask, origin } from "../../support/api.ts";

const problem = z.looseObject({ type: z.url(), instance: z.string() });

test("a problem's type is a whole URI, of a page of the deployment that was asked", async () => {
  const here = await answerOf(await ask("GET", "/v1/sources", { key: null }), 401, problem);
  expect(here.type).toBe(`${origin}/docs/problems#unauthenticated`);
  const elsewhere = { origin: "https://tickline.example" };
  const there = await answerOf(await ask("GET", "/nothing", elsewhere), 404, problem);
  expect(there.type).toBe("https://tickline.example/docs/problems#not-found");
});
