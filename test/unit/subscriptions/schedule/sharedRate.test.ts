/** A rate that objects share with others, which hold what came before the parallelism was lowered. */
import { expect, it } from "vitest";
import { aWorld, eventNames } from "../../../support/schedule.ts";

const settings = { ratePerSecond: 10, parallelism: 1, shards: 4 };

it("an object beyond the parallelism makes an equal part of the starts", async () => {
  const world = aWorld({ settings, waiting: eventNames(3), shard: 2 });
  world.awake().proceed();
  await world.passUntil(1_000);
  expect(world.starts()).toEqual(["0 evt_0", "400 evt_1", "800 evt_2"]);
});

it("an object leaves out a start for each that another makes in its place", async () => {
  const world = aWorld({ settings, waiting: eventNames(4) });
  world.awake().proceed();
  await world.passUntil(50);
  world.awake().cede(settings);
  world.awake().cede(settings);
  await world.passUntil(1_000);
  expect(world.starts()).toEqual(["0 evt_0", "300 evt_1", "400 evt_2", "500 evt_3"]);
});

it("what others start while an object has nothing to send costs it no more than one distance", async () => {
  const world = aWorld({ settings });
  for (let atMs = 0; atMs < 4_000; atMs += 400) {
    await world.passUntil(atMs);
    world.awake().cede(settings);
  }
  await world.passUntil(3_650);
  world.accept("evt_0");
  await world.passUntil(5_000);
  expect(world.starts()).toEqual(["3700 evt_0"]);
});

const slow = { ratePerSecond: 0.02, parallelism: 1, shards: 2 };
const evicts = true;

it("an object that sleeps between two starts leaves out what it was told to before, all of it and once", async () => {
  const world = aWorld({ settings: slow, waiting: eventNames(4) });
  world.awake().proceed();
  await world.passUntil(20_000, { evicts });
  world.awake().cede(slow);
  await world.passUntil(30_000, { evicts });
  world.awake().cede(slow);
  await world.passUntil(210_000, { evicts });
  expect(world.starts()).toEqual(["0 evt_0", "150000 evt_1", "200000 evt_2"]);
});

it("so does one that knows nothing of its last start", async () => {
  const world = aWorld({ settings: slow });
  world.evict();
  world.awake().cede(slow);
  world.evict();
  await world.passUntil(1_000);
  world.accept("evt_0");
  await world.passUntil(110_000, { evicts });
  expect(world.starts()).toEqual(["100000 evt_0"]);
});

it("so does one whose clock is set back meanwhile", async () => {
  const hourMs = 3_600_000;
  const world = aWorld({ settings: slow, waiting: eventNames(1), startsAtMs: hourMs });
  world.awake().proceed();
  await world.passUntil(hourMs, { evicts });
  world.awake().cede(slow);
  world.setClockBack(hourMs);
  world.accept("evt_1");
  await world.passUntil(60_000, { evicts });
  world.accept("evt_2");
  await world.passUntil(110_000, { evicts });
  expect(world.starts()).toEqual([`${hourMs} evt_0`, "100000 evt_1"]);
});
