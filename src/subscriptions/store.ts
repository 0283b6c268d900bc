import type { Event } from "../model/event.ts";

/** Placeholder until the subscriptions land; the subscriptions engineer replaces this file. */
export async function shareEvents(_env: Env, _events: readonly Event[]): Promise<void> {}
