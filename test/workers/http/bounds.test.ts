import { expect, test } from "vitest";
import { ask } from "../../support/api.ts";

test("a body of thousands of faults is answered with the first hundred", async () => {
  const body = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`unknown${index}`, 1]));
  const response = await ask("POST", "/v1/stream-tokens", { body });
  expect(response.status).toBe(422);
  const { errors } = await response.json<{ errors: { path: string; message: string }[] }>();
  expect(errors).toHaveLength(100);
  expect(errors[0]).toEqual({ path: "unknown0", message: "is not known here" });
});

test("the name of an unknown member is quoted in part", async () => {
  const response = await ask("POST", "/v1/stream-tokens", { body: { ["x".repeat(200_000)]: 1 } });
  expect((await response.text()).length).toBeLessThan(1_000);
});
