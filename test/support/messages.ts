/** Messages in the real runtime: recorded through their objects, with a queue that the test holds in its hand. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { MessageObject } from "../../src/index.ts";
import { messageObjectName, type RecordOutcome } from "../../src/model/record.ts";
import type { Update } from "../../src/model/update.ts";
import { identified, source } from "./updates.ts";

type Stub = DurableObjectStub<MessageObject>;

let made = 0;

/** Another id for every test: objects outlive it. */
export function freshMessageId(): string {
  made += 1;
  return `M-${made}-${crypto.randomUUID()}`;
}

export function messageStub(messageId: string): Stub {
  return env.MESSAGE.getByName(messageObjectName(source, messageId));
}

export async function recordUpdates(messageId: string, updates: readonly Update[]): Promise<RecordOutcome> {
  const ofMessage = updates.map((update) => ({ ...update, messageId }));
  return messageStub(messageId).record({
    source,
    provider: "nifteem",
    messageId,
    updates: await identified(ofMessage),
  });
}

/** Puts another queue before the object; undone by eviction. */
export async function withQueue(stub: Stub, sendBatch: Queue["sendBatch"]): Promise<void> {
  await runInDurableObject(stub, (instance) => {
    const real: Env = Reflect.get(instance, "env");
    Object.defineProperty(instance, "env", { value: { ...real, EVENTS: { sendBatch } } });
  });
}

export async function alarmOf(stub: Stub): Promise<number | null> {
  return runInDurableObject(stub, (_, state) => state.storage.getAlarm());
}

/** The real bindings, with some of them replaced: how a test makes an outside call fail. */
export function withBindings(replaced: Partial<Record<keyof Env, object>>): Env {
  return Object.assign({ ...env }, replaced);
}
