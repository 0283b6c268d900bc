/** A rule of the house: what is wrong with a set of files, and an example that is. */
import type { Source } from "./source.ts";

export interface Rule {
  readonly name: string;
  /** One sentence for each fault, with its file. */
  readonly faults: (sources: readonly Source[]) => string[];
  /** Small files by path, in each of which the rule must find a fault, so that it is seen to work. */
  readonly bad: Readonly<Record<string, string>>;
}

const shellNames = new Set(["route.ts", "object.ts", "store.ts", "consumer.ts"]);
/** Rooms that are pure as a whole, whatever their files are called. */
const pureRooms = new Set(["model", "secrets", "providers"]);

/** May the file meet the platform? By its room and its name alone. */
export function isShell(path: string): boolean {
  if (path === "src/index.ts" || path === "src/log/report.ts" || path.startsWith("src/http/")) return true;
  const steps = path.split("/");
  return !pureRooms.has(steps[1] ?? "") && shellNames.has(steps.at(-1) ?? "");
}

/** Runs in the browser, under rules of its own. */
export function isBrowser(path: string): boolean {
  return path.startsWith("src/dashboard/") || path.startsWith("src/client/");
}
