/** Runs one call for each item, a bounded number at a time. One failure stops no other. */
export async function inParallel<Item, Outcome>(
  items: readonly Item[],
  atOnceMax: number,
  run: (item: Item) => Promise<Outcome>,
): Promise<PromiseSettledResult<Outcome>[]> {
  const outcomes: PromiseSettledResult<Outcome>[] = [];
  // All lanes draw from the one iterator, so each item is run by the first lane that is free.
  const waiting = items.entries();
  async function runLane(): Promise<void> {
    for (const [index, item] of waiting) {
      const [outcome] = await Promise.allSettled([run(item)]);
      outcomes[index] = outcome;
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, runLane));
  return outcomes;
}

/** Whether the call was made and said yes. */
export function isFulfilledTrue(outcome: PromiseSettledResult<boolean> | undefined): boolean {
  return outcome?.status === "fulfilled" && outcome.value;
}
