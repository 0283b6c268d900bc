/** Events to give the feed directly: as ingest makes them, and as many as are wanted. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { benchSource, send, webhook } from "./ingest.ts";
import type { Tickline } from "./service.ts";

const eventSchema = z.looseObject({ id: z.string(), receivedAt: z.string() });
export type ExampleEvent = z.infer<typeof eventSchema>;
const pageSchema = z.object({ data: z.array(eventSchema), cursor: z.string() });

/** A real event, as ingest made it. */
export async function exampleEvent(tickline: Tickline): Promise<ExampleEvent> {
  const after = async (cursor: string) =>
    pageSchema.parse(
      await tickline.call(
        "GET",
        `/v1/events?sources=${benchSource}&limit=1&after=${encodeURIComponent(cursor)}`,
      ),
    );
  const { cursor: head } = await after("now");
  await send(tickline, webhook(0, `example-${randomUUID()}`));
  for (;;) {
    const [found] = (await after(head)).data;
    // Its place in the feed is no part of the event itself.
    if (found !== undefined) return { ...found, cursor: undefined };
    await wait(10);
  }
}

/** New events each time, of the same length. */
export function eventsText(event: ExampleEvent, total: number): string {
  return JSON.stringify(
    Array.from({ length: total }, () => ({
      ...event,
      id: `evt_${randomUUID()
        .replaceAll("-", "")
        .slice(0, event.id.length - "evt_".length)}`,
      receivedAt: new Date().toISOString(),
    })),
  );
}
