import { describe, expect, it } from "vitest";
import { decideReplay } from "../../../../src/subscriptions/replays/replay.ts";

const decide = (only: "failed" | "missing" | "all") =>
  [null, "pending", "delivered", "retrying", "exhausted", "blocked", "canceled"].map((state) =>
    decideReplay("rpl_1", only, state === null ? null : { state: state as "pending", replay: null }),
  );

describe("a replay", () => {
  it("decides by what there is, and leaves alone what it has sent again already", () => {
    expect(decide("failed")).toEqual(["leave", "leave", "leave", "again", "again", "again", "leave"]);
    expect(decide("missing")).toEqual(["make", "leave", "leave", "leave", "leave", "leave", "again"]);
    expect(decide("all")).toEqual(["make", "leave", "again", "again", "again", "again", "again"]);
    expect(decideReplay("rpl_1", "all", { state: "delivered", replay: "rpl_1" })).toBe("leave");
  });
});
