/** Which subscriptions hear of an event, and in which words. */
import * as z from "zod/mini";
import { compileFilter } from "../model/filter.ts";
import { type Event, eventSchema, operationalEventTypes } from "../model/event.ts";
import { type OperationalEvent, operationalEventSchema } from "../model/operational.ts";
import type { Dialect, Rendering } from "./dialects/dialect.ts";
import { dialects } from "./dialects/index.ts";
import { parseScenario } from "./scenarios/parse.ts";
import { scenarioDialect } from "./scenarios/render.ts";
import type { Subscription } from "./subscription.ts";

/** Anything that can be delivered. */
export type Notice = Event | OperationalEvent;

const noticeSchema = z.discriminatedUnion("type", [eventSchema, operationalEventSchema]);

/** Whether a delivery is made of it. */
export type Audience = (notice: Notice) => boolean;

/** One function for one subscription; `audienceOf` once, then many events. */
export function audienceOf(subscription: Subscription): Audience {
  const matches = compileFilter(subscription.filter);
  const dialect = dialectOf(subscription);
  const types = new Set<string>(subscription.filter.types);
  const wantedSources = subscription.filter.sources ?? [];
  return (notice) => {
    if (!mayHear(subscription, notice)) return false;
    if (isMessageEvent(notice)) return matches(notice) && dialect.render(notice) !== null;
    // No provider's webhook has words for what we say of ourselves.
    if (!types.has(notice.type) || dialect.name !== "tickline") return false;
    return notice.source === null || wantedSources.length === 0 || wantedSources.includes(notice.source);
  };
}

/** What concerns no source in particular is for the unbound; a test event is made up, and tells nobody anything. */
function mayHear({ sources }: Subscription, notice: Notice): boolean {
  if (sources === null || (isMessageEvent(notice) && notice.test === true)) return true;
  return notice.source !== null && sources.includes(notice.source);
}

/** What is sent, and whether it only tries the subscription out. */
export interface Rendered extends Rendering {
  readonly test: boolean;
}

/** From the payload as it was stored; null where the subscription, as it is now, may not hear it or has no words for it. */
export function renderPayload(subscription: Subscription, payload: string): Rendered | null {
  const value: unknown = JSON.parse(payload);
  const notice = noticeSchema.safeParse(value);
  if (!notice.success || !mayHear(subscription, notice.data)) return null;
  if (!isMessageEvent(notice.data)) return { body: payload, contentType: "application/json", test: false };
  const rendering = dialectOf(subscription).render(notice.data);
  return rendering === null ? null : { ...rendering, test: notice.data.test === true };
}

function isMessageEvent(notice: Notice): notice is Event {
  return !operationalEventTypes.some((type) => type === notice.type);
}

function dialectOf(subscription: Subscription): Dialect {
  if (subscription.scenario === null) return dialects[subscription.format];
  const scenario = parseScenario(subscription.scenario.data);
  // Was read when it was imported; a release that reads it differently must not send something else instead.
  return scenario.ok ? scenarioDialect(scenario.value) : { name: subscription.format, render: () => null };
}
