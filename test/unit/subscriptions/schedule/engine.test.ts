import { expect, it } from "vitest";
import { aWorld, eventNames } from "../../../support/schedule.ts";

const waitingWork = { isPending: () => true, step: async () => false };

it("an alarm stands before anything is sent, and six attempts are made at once", async () => {
  const { awake, journal, attemptBy } = aWorld({ waiting: eventNames(8) });
  attemptBy(() => new Promise(() => undefined));
  awake().proceed();
  awake().proceed();
  expect(journal).toEqual(["0 alarm 10000", ...eventNames(6).map((id) => `0 ${id}`)]);
  expect([...awake().inFlight]).toEqual(eventNames(6));
});

it("settings that are not known are read before anything is sent, and only if there is anything to send", async () => {
  const idle = aWorld();
  idle.forgetSettings();
  idle.awake().proceed();
  expect(idle.journal).toEqual([]);
  const { awake, journal, forgetSettings, passUntil } = aWorld({ waiting: eventNames(1) });
  forgetSettings();
  awake().proceed();
  await passUntil(0);
  expect(journal).toEqual(["0 alarm 10000", "0 settings", "0 evt_0"]);
});

it("a rate spaces the attempts, also while a replay waits for its turn", async () => {
  const world = aWorld({ settings: { ratePerSecond: 10 }, waiting: eventNames(4), work: waitingWork });
  world.awake().proceed();
  await world.passUntil(450);
  expect(world.starts()).toEqual(["0 evt_0", "100 evt_1", "200 evt_2", "300 evt_3"]);
});

it("what ends without an attempt takes no start, however much of it there is", async () => {
  const names = eventNames(30);
  const unsent = names.filter((_, index) => index % 10 > 0);
  const world = aWorld({ settings: { ratePerSecond: 10 }, waiting: names, unsent });
  world.awake().proceed();
  await world.passUntil(450);
  expect(world.starts()).toEqual(["0 evt_0", "100 evt_10", "200 evt_20"]);
});

it("under a rate first attempts and retries take turns", async () => {
  const world = aWorld({
    settings: { ratePerSecond: 10 },
    waiting: eventNames(3),
    retries: { evt_10: 0, evt_11: 0, evt_12: 0 },
  });
  world.awake().proceed();
  await world.passUntil(350);
  const isRetry = world.starts().map((line) => /evt_1\d$/.test(line));
  expect(isRetry).toEqual([isRetry[0], !isRetry[0], isRetry[0], !isRetry[0]]);
});

it("a fault of ours keeps everything still for five seconds", async () => {
  const { awake, journal, attemptBy, passUntil } = aWorld({ waiting: eventNames(1) });
  let isDown = true;
  attemptBy(async () => {
    if (isDown) throw new Error("the database is down");
    await new Promise(() => undefined);
  });
  awake().proceed();
  await passUntil(4_000);
  awake().proceed();
  isDown = false;
  await passUntil(6_000);
  expect(journal.filter((line) => !line.includes("alarm"))).toEqual([
    "0 evt_0",
    "0 delivery.postponed",
    "5000 evt_0",
  ]);
});

it("a replay that fails rests by itself: deliveries go out meanwhile", async () => {
  const steps: number[] = [];
  const world = aWorld({
    work: {
      isPending: () => true,
      step: async () => {
        steps.push(steps.length);
        throw new Error("an object is unreachable");
      },
    },
  });
  world.awake().proceed();
  await world.passUntil(1_000);
  world.accept("evt_0");
  await world.passUntil(4_900);
  expect(world.starts()).toEqual(["1000 evt_0"]);
  expect(steps).toHaveLength(1);
  await world.passUntil(5_100);
  expect(steps).toHaveLength(2);
});

const hourMs = 3_600_000;

it("a clock that is set back keeps nobody waiting for it: neither a rest, nor a replay", async () => {
  let steps = 0;
  const step = async () => {
    steps += 1;
    if (steps === 1) throw new Error("an object is unreachable");
    return false;
  };
  const world = aWorld({ waiting: eventNames(1), work: { isPending: () => true, step }, startsAtMs: hourMs });
  let isDown = true;
  world.attemptBy(async () => {
    if (isDown) throw new Error("the database is down");
    await new Promise(() => undefined);
  });
  world.awake().proceed();
  await world.passUntil(hourMs + 1_000);
  isDown = false;
  world.setClockBack(hourMs);
  world.awake().proceed();
  await world.passUntil(10_000);
  expect(world.starts()).toHaveLength(2);
  expect(steps).toBeGreaterThan(1);
});

it.each([1, 0.05])(
  "at a rate of %f a clock that is set back costs one distance of two starts",
  async (ratePerSecond) => {
    const spacingMs = 1_000 / ratePerSecond;
    for (const evicts of [false, ratePerSecond < 0.1]) {
      const world = aWorld({ settings: { ratePerSecond }, waiting: eventNames(1), startsAtMs: hourMs });
      world.awake().proceed();
      await world.passUntil(hourMs + 100, { evicts });
      world.setClockBack(hourMs);
      world.accept("evt_1");
      await world.passUntil(100 + spacingMs + 10_000, { evicts });
      expect(world.starts()).toHaveLength(2);
    }
  },
);
