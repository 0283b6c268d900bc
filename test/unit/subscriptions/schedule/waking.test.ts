import { expect, it } from "vitest";
import { holdWaking } from "../../../../src/subscriptions/schedule/waking.ts";

function aWaking() {
  const alarms: number[] = [];
  const timers: { waitMs: number; ring: () => void; isStopped: boolean }[] = [];
  let woken = 0;
  const clock = {
    nowMs: () => 1_000,
    setAlarm: (atMs: number) => alarms.push(atMs),
    startTimer: (waitMs: number, ring: () => void) => {
      const timer = { waitMs, ring, isStopped: false };
      timers.push(timer);
      return () => {
        timer.isStopped = true;
      };
    },
  };
  const waking = holdWaking(clock, () => {
    woken += 1;
  });
  return { waking, alarms, timers, woken: () => woken };
}

it("an alarm is set once, and again only for an earlier time or after it rang", () => {
  const { waking, alarms } = aWaking();
  waking.armFor(5_000);
  waking.armFor(6_000);
  waking.armFor(4_000);
  waking.alarmStands(null);
  waking.armFor(6_000);
  expect(alarms).toEqual([5_000, 4_000, 6_000]);
});

it("an alarm that the object finds need not be set again", () => {
  const { waking, alarms } = aWaking();
  waking.alarmStands(5_000);
  waking.armFor(5_000);
  expect(alarms).toEqual([]);
});

it("the nearest time counts, whichever was asked for first", () => {
  const { waking, timers, woken } = aWaking();
  waking.wakeAt(1_500);
  waking.wakeAt(1_020);
  waking.wakeAt(1_300);
  expect(timers.map(({ waitMs, isStopped }) => [waitMs, isStopped])).toEqual([
    [500, true],
    [20, false],
  ]);
  timers[1]?.ring();
  expect(woken()).toBe(1);
  waking.wakeAt(1_300);
  expect(timers).toHaveLength(3);
});

it("a long wait is the alarm's, and nothing rings after a stop", () => {
  const { waking, timers } = aWaking();
  waking.wakeAt(11_001);
  expect(timers).toEqual([]);
  waking.wakeAt(11_000);
  waking.stop();
  expect(timers[0]?.isStopped).toBe(true);
});
