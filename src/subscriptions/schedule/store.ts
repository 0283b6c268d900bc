/** What an object must not forget of its schedule while it sleeps: the last start, where starts are far apart. */
import { type Start, startSchema } from "./pace.ts";

const key = "lastStart";

export function readLastStart(kv: SyncKvStorage): Start | null {
  const start = startSchema.safeParse(kv.get(key));
  return start.success ? start.data : null;
}

export function writeLastStart(kv: SyncKvStorage, start: Start | null): void {
  if (start === null) kv.delete(key);
  else kv.put(key, start);
}
