/** All status words that there are, for what comes in from an address. */
import { statusWords } from "./status.ts";

export const statuses: ReadonlySet<string> = new Set(Object.keys(statusWords));
