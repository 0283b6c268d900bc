/** Chance that can be had again: the same seed, the same run. */

export interface Chance {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  /** True this often. */
  hits(share: number): boolean;
  shuffle<Item>(items: readonly Item[]): Item[];
  /** From 0 up to, not including, the limit. */
  below(limit: number): number;
}

/** Mulberry32: small, and even enough to choose faults by. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return {
    seed,
    next,
    hits: (share) => next() < share,
    below: (limit) => Math.floor(next() * limit),
    shuffle: (items) =>
      items
        .map((item) => ({ item, key: next() }))
        .toSorted((one, other) => one.key - other.key)
        .map(({ item }) => item),
  };
}
