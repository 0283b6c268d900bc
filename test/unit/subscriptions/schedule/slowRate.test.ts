/** A rate so slow that an object is evicted between two starts: whatever wakes it, it starts in time, and not before. */
import { describe, expect, it } from "vitest";
import { aWorld, eventNames } from "../../../support/schedule.ts";

const rates = [
  { ratePerSecond: 0.01, parallelism: 1 },
  { ratePerSecond: 0.04, parallelism: 1 },
  { ratePerSecond: 0.04, parallelism: 16 },
  { ratePerSecond: 0.5, parallelism: 16 },
];
const evicts = true;

describe.each(rates)("at $ratePerSecond a second, shared by $parallelism", (settings) => {
  const spacingMs = (1_000 * settings.parallelism) / settings.ratePerSecond;
  const atEachDistance = (count: number) =>
    eventNames(count).map((eventId, index) => `${index * spacingMs} ${eventId}`);

  it("an object that is evicted whenever it rests keeps the distance to the millisecond", async () => {
    const world = aWorld({ settings, waiting: eventNames(4) });
    world.awake().proceed();
    await world.passUntil(3 * spacingMs + 1, { evicts });
    expect(world.starts()).toEqual(atEachDistance(4));
    // After each start once for what might have died with the object, and once for the next.
    expect(world.journal.filter((line) => line.endsWith("ring")).length).toBeLessThanOrEqual(6);
  });

  it("a retry that falls due after an eviction is made", async () => {
    const world = aWorld({ settings, waiting: eventNames(1) });
    world.awake().proceed();
    await world.passUntil(0, { evicts });
    world.retryAt("evt_1", 5_000);
    await world.passUntil(spacingMs + 10_001, { evicts });
    expect(world.starts()).toEqual(atEachDistance(2));
  });

  it("an object that knows nothing of its last start, and is woken by its alarm, starts within one distance", async () => {
    const world = aWorld({ settings, waiting: eventNames(2) });
    world.evict();
    world.awake().proceed();
    await world.passUntil(3 * spacingMs, { evicts });
    expect(world.starts()).toEqual([`${spacingMs} evt_0`, `${2 * spacingMs} evt_1`]);
  });

  it("calls in between, told of the settings or not, neither hasten nor postpone the next start", async () => {
    const world = aWorld({ settings, waiting: eventNames(3) });
    world.awake().proceed();
    for (let call = 1; call * 7_000 < 2 * spacingMs; call += 1) {
      await world.passUntil(call * 7_000, { evicts });
      if (call % 2 === 0) world.awake().proceed();
      else world.accept(`evt_${100 + call}`);
    }
    await world.passUntil(2 * spacingMs + 1, { evicts });
    expect(world.starts()).toEqual(atEachDistance(3));
  });

  it("first attempts and retries take turns", async () => {
    const retries = { evt_10: 0, evt_11: 0, evt_12: 0 };
    const world = aWorld({ settings, waiting: eventNames(3), retries });
    world.awake().proceed();
    await world.passUntil(3 * spacingMs + 1, { evicts });
    const isRetry = world.starts().map((line) => /evt_1\d$/.test(line));
    expect(isRetry).toEqual([isRetry[0], !isRetry[0], isRetry[0], !isRetry[0]]);
  });

  it("an attempt that died with its object is made again one distance later", async () => {
    const world = aWorld({ settings, waiting: eventNames(1) });
    world.attemptBy(() => new Promise(() => undefined));
    world.awake().proceed();
    await world.passUntil(spacingMs + 1, { evicts });
    expect(world.starts()).toEqual(["0 evt_0", `${spacingMs} evt_0`]);
  });
});

it("a rate that was raised is followed at once, whatever the object remembers of the slow one", async () => {
  const settings = { ratePerSecond: 0.01 };
  const world = aWorld({ settings, waiting: eventNames(2) });
  world.awake().proceed();
  await world.passUntil(20_000, { evicts });
  settings.ratePerSecond = 1;
  world.changeSettings(settings);
  await world.passUntil(21_000);
  expect(world.starts()).toEqual(["0 evt_0", "20000 evt_1"]);
});
