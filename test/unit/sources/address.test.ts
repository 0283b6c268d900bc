import { expect, test } from "vitest";
import { ingestUrl, isLoopback, publicOrigin, urlTokenOf } from "../../../src/sources/address.ts";

test("the deployment's own address wins over the request's", () => {
  expect(publicOrigin("https://tick.example.com/", "http://localhost:8787/v1/sources")).toBe(
    "https://tick.example.com",
  );
  expect(publicOrigin("", "http://localhost:8787/v1/sources?a=b")).toBe("http://localhost:8787");
});

test("the ingest URL ends with the token where there is one", () => {
  expect(ingestUrl("https://x", "one", null)).toBe("https://x/in/one");
  expect(ingestUrl("https://x", "one", "secret")).toBe("https://x/in/one/secret");
  expect(urlTokenOf([{ type: "header" }, { type: "urlToken", token: "secret" }])).toBe("secret");
  expect(urlTokenOf([{ type: "header", token: "no" }])).toBeNull();
});

test("loopback is localhost, its subdomains, 127.0.0.0/8 and ::1, and no name that only looks like it", () => {
  for (const host of ["localhost", "localhost:8787", "a.localhost", "127.0.0.1:1", "127.9.9.9", "[::1]:80"]) {
    expect(isLoopback(`http://${host}/v1/sources`)).toBe(true);
  }
  for (const host of [
    "localhost.example.com",
    "127.0.0.1.example.com",
    "notlocalhost",
    "10.0.0.1",
    "[::2]",
  ]) {
    expect(isLoopback(`http://${host}/v1/sources`)).toBe(false);
  }
});
