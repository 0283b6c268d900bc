/**
 * What the service knows of one socket. All of it survives hibernation in the socket's attachment: what was granted
 * and subscribed as JSON (rewritten only when it changes), where each subscription stands as bare numbers.
 */
import * as z from "zod/mini";
import { filterSchema } from "../model/filter.ts";
import * as limits from "../model/limits.ts";
import { textUpTo } from "../model/text.ts";
import { utf8Bytes } from "./protocol.ts";

export const messageReferenceSchema = z.strictObject({
  source: textUpTo(63),
  messageId: textUpTo(limits.messageIdBytesMax),
});

/** What a stream token allows beyond its maker's sources. `messages` null: not made for messages of their own. */
export const grantSchema = z.strictObject({
  filter: filterSchema,
  messages: z.nullable(z.array(messageReferenceSchema).check(z.minLength(1))),
});
export type Grant = z.infer<typeof grantSchema>;

/** What the route found out about who opens a socket, handed to the object that holds it. */
export const admissionSchema = z.strictObject({
  /** The key that opened the socket, or made its token. */
  keyId: z.string(),
  /** Which of its secrets; null for the deployment's own key. */
  secretId: z.nullable(z.string()),
  /** The sources that the key sees; null: all. */
  sources: z.nullable(z.array(z.string())),
  /** Null for a socket opened with a key. */
  grant: z.nullable(grantSchema),
  expiresAtMs: z.nullable(z.int()),
});
export type Admission = z.infer<typeof admissionSchema>;

const subscribedSchema = z.strictObject({ id: z.string(), filter: filterSchema });
const fixedSchema = z.strictObject({
  ...admissionSchema.shape,
  connection: z.string(),
  subscribed: z.array(subscribedSchema),
});

export interface Subscription {
  readonly id: string;
  readonly filter: z.infer<typeof filterSchema>;
  /** Everything up to here was sent, or looked at and found not to match. */
  readonly place: number;
  /** False: replaying, and the next page waits for the ack of the last one. */
  readonly live: boolean;
  /** The `to` of the replayed page whose ack is still to come. */
  readonly awaiting: number | null;
}

/** What must hold for the socket to go on: the key, and the one of its secrets. */
export function credentialOf({ keyId, secretId }: Pick<Admission, "keyId" | "secretId">): string {
  return secretId === null ? keyId : `${keyId}/${secretId}`;
}

export interface SocketState extends Admission {
  readonly connection: string;
  readonly subscriptions: readonly Subscription[];
}

const attachmentSchema = z.object({ fixed: z.instanceof(Uint8Array), places: z.array(z.number()) });
export interface Attachment {
  readonly fixed: Uint8Array;
  readonly places: readonly number[];
}

const numbersPerSubscription = 3;

/** The part of the attachment that changes only with a grant or a subscription. */
export function fixedBytesOf({ subscriptions, ...rest }: SocketState): Uint8Array {
  const subscribed = subscriptions.map(({ id, filter }) => ({ id, filter }));
  return new TextEncoder().encode(JSON.stringify({ ...rest, subscribed }));
}

export function attachmentOf(fixed: Uint8Array, state: SocketState): Attachment {
  const places = state.subscriptions.flatMap(({ place, live, awaiting }) => [
    place,
    live ? 1 : 0,
    awaiting ?? -1,
  ]);
  return { fixed, places };
}

/** Throws on an attachment that is not ours: a bug, and the socket can't go on. */
export function readAttachment(value: unknown): SocketState {
  const { fixed, places } = attachmentSchema.parse(value);
  const { subscribed, ...rest } = fixedSchema.parse(JSON.parse(new TextDecoder().decode(fixed)));
  const subscriptions = subscribed.map(({ id, filter }, index): Subscription => {
    const [place, live, awaiting] = places.slice(index * numbersPerSubscription);
    if (place === undefined || live === undefined || awaiting === undefined) {
      throw new Error("the attachment of a socket lacks a place");
    }
    return { id, filter, place, live: live === 1, awaiting: awaiting === -1 ? null : awaiting };
  });
  return { ...rest, subscriptions };
}

/** Bytes of all filters of the socket, its token's grant included; `limits.streamFiltersBytesMax` bounds them. */
export function filterBytes(state: Pick<SocketState, "grant" | "subscriptions">): number {
  const filters = state.subscriptions.map(({ filter }) => utf8Bytes(JSON.stringify(filter)));
  return filters.reduce((sum, bytes) => sum + bytes, grantBytes(state.grant));
}

export function grantBytes(grant: Grant | null): number {
  return grant === null ? 0 : utf8Bytes(JSON.stringify(grant));
}

/** How the route hands an admission to the object, on a request that only we can make. */
export const admissionHeader = "Tickline-Admission";

/** Headers carry Latin-1 only, filters any character. */
export function writeAdmission(admission: Admission): string {
  return encodeURIComponent(JSON.stringify(admission));
}

export function readAdmission(headers: Headers): Admission {
  return admissionSchema.parse(JSON.parse(decodeURIComponent(headers.get(admissionHeader) ?? "")));
}
