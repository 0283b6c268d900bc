import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isoTime,
  unixMilliseconds,
  unixSeconds,
  unixSecondsOrMilliseconds,
} from "../../../src/providers/time.ts";

describe("an ISO time", () => {
  it.each([
    ["2024-01-01T14:30:00Z", "2024-01-01T14:30:00.000Z"],
    ["2024-01-01T14:30:00z", "2024-01-01T14:30:00.000Z"],
    ["2024-01-01t14:30:00.5Z", "2024-01-01T14:30:00.500Z"],
    ["2024-01-01T14:30Z", "2024-01-01T14:30:00.000Z"],
    ["2024-01-01 14:30:00.123456", "2024-01-01T14:30:00.123Z"],
    ["2022-02-07T20:01:09.892757478Z", "2022-02-07T20:01:09.892Z"],
    ["2019-11-09T16:00:00.000+0100", "2019-11-09T15:00:00.000Z"],
    ["2019-11-09T16:00:00.000+01:00", "2019-11-09T15:00:00.000Z"],
    ["2019-11-09T16:00:00-09:30", "2019-11-10T01:30:00.000Z"],
    ["2020-01-01 14:00:00 +0000", "2020-01-01T14:00:00.000Z"],
    ["2019-11-09T16:00:00+01", "2019-11-09T15:00:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["0050-01-01T00:00:00Z", "0050-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ])("%s is read, and kept as it was written", (text, expected) => {
    const time = isoTime.parse(text);
    expect(new Date(time.ms).toISOString()).toBe(expected);
    expect(time.text).toBe(text);
  });

  it.each([
    "",
    "now",
    "2024-01-01",
    "14:30:00",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-00-10T00:00:00Z",
    "2024-01-32T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T14:60:00Z",
    "2024-01-01T14:30:61Z",
    "2024-01-01T14:30:00+25:00",
    "2024-01-01T14:30:00+01:60",
    "2024-01-01T14:30:00Zulu",
    "+012024-01-01T14:30:00Z",
    " 2024-01-01T14:30:00Z",
    "1704119400",
  ])("%j is none", (text) => {
    expect(isoTime.safeParse(text).success).toBe(false);
  });

  it("is read as the runtime reads it, wherever that can", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
        expect(isoTime.parse(date.toISOString()).ms).toBe(date.getTime());
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a Unix time", () => {
  it("is read in the unit of its provider", () => {
    expect(unixSeconds.parse(1_686_563_913)).toEqual({ ms: 1_686_563_913_000, text: "1686563913" });
    expect(unixMilliseconds.parse(1_768_141_074_000)).toEqual({
      ms: 1_768_141_074_000,
      text: "1768141074000",
    });
  });

  it("may be a text", () => {
    expect(unixSeconds.parse("1750030073")).toEqual({ ms: 1_750_030_073_000, text: "1750030073" });
    expect(unixSeconds.parse("1750030073.5").ms).toBe(1_750_030_073_500);
  });

  it("is told by its size where a provider mixes the units", () => {
    expect(unixSecondsOrMilliseconds.parse("1665645642").ms).toBe(1_665_645_642_000);
    expect(unixSecondsOrMilliseconds.parse(1_665_645_642_123).ms).toBe(1_665_645_642_123);
    expect(unixSecondsOrMilliseconds.parse(99_999_999_999).ms).toBe(99_999_999_999_000);
    expect(unixSecondsOrMilliseconds.parse(100_000_000_000).ms).toBe(100_000_000_000);
  });

  it("is none beyond what a date can hold", () => {
    expect(unixMilliseconds.safeParse(8.64e15).success).toBe(true);
    expect(unixMilliseconds.safeParse(8.65e15).success).toBe(false);
    expect(unixSeconds.safeParse(1e300).success).toBe(false);
    expect(unixSeconds.safeParse(Infinity).success).toBe(false);
  });

  it.each(["", "soon", "1e5", "0x10", "12 ", "١٢", null, true, {}, []])("%j is none", (value) => {
    expect(unixSeconds.safeParse(value).success).toBe(false);
  });
});
