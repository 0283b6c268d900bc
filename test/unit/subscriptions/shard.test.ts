import { describe, expect, it } from "vitest";
import { shardOf, shardOfObject, subscriptionObjectName } from "../../../src/subscriptions/shard.ts";

describe("the shard of a message", () => {
  it("is always the same, within range, and evenly spread", () => {
    const counts = Array.from({ length: 8 }, () => 0);
    for (let message = 0; message < 8_000; message += 1) {
      const shard = shardOf("my-nifteem", `message-${message}`, 8);
      expect(shardOf("my-nifteem", `message-${message}`, 8)).toBe(shard);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });
});

it("an object's shard is read off its name; the first where that says none", () => {
  expect(shardOfObject(subscriptionObjectName("sub_1", 7))).toBe(7);
  for (const name of [undefined, "", "sub_1", "sub_1/", "sub_1/seven", "sub_1/1.5"]) {
    expect(shardOfObject(name)).toBe(0);
  }
});
