/** What subscriptions are called, asked for once; until then, and for what was deleted since, their ids. */
import { signal } from "@preact/signals";
import { listSubscriptions } from "../api/subscriptions.ts";
import { inBackground } from "../state/background.ts";

const names = signal<ReadonlyMap<string, string>>(new Map());
let asked = false;

export function subscriptionName(id: string): string {
  if (!asked) {
    asked = true;
    inBackground(ask());
  }
  return names.value.get(id) ?? id;
}

async function ask(): Promise<void> {
  const answer = await listSubscriptions(null);
  asked = answer.ok;
  if (!answer.ok) return;
  names.value = new Map(answer.value.data.map(({ id, name }) => [id, name ?? id]));
}
