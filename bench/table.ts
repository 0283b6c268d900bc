/** The table that `npm run bench` prints: a figure, what was measured, its bar. */
import type { Spread } from "./load.ts";

export interface Table {
  readonly row: (figure: string, measured: string, bar?: string) => void;
  readonly print: () => void;
}

/** Each row is shown at once too, since the whole takes long. */
export function makeTable(): Table {
  const rows: [string, string, string][] = [];
  return {
    row(figure, measured, bar = "–") {
      rows.push([figure, measured, bar]);
      console.log(`${figure}: ${measured} (bar ${bar})`);
    },
    print() {
      console.log("\n| figure | measured | bar |\n|---|---|---|");
      for (const cells of rows) console.log(`| ${cells.join(" | ")} |`);
    },
  };
}

export function showSpread({ p50Ms, p99Ms }: Spread): string {
  return `p50 ${showMs(p50Ms)}, p99 ${showMs(p99Ms)}`;
}

export function showMs(ms: number): string {
  return ms < 20 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(0)} ms`;
}

export function showRatio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

/** Growth: one value for each level. */
export function showLevels<Level>(levels: readonly Level[], show: (level: Level) => string): string {
  return levels.map((level) => show(level)).join(" / ");
}
