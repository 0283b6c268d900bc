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
