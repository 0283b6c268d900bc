import { describe, expect, it } from "vitest";
import { shardOf } from "../../../src/subscriptions/shard.ts";

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
