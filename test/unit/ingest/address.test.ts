import { expect, test } from "vitest";
import { publicAddress } from "../../../src/ingest/address.ts";

test("the address is the one that was called, on the deployment's public origin where it has one", () => {
  const called = "http://10.0.0.7:8787/in/a-source/t%20k?b=2&a=1";
  expect(publicAddress("", called)).toBe(called);
  expect(publicAddress("https://tickline.example/", called)).toBe(
    "https://tickline.example/in/a-source/t%20k?b=2&a=1",
  );
});
