/** Reads of messages, groups and their deliveries. */
import type { Message, MessageSummary } from "../../model/message.ts";
import type { Delivery } from "../../model/subscription.ts";
import { type Answer, get, pathOf, queryOf } from "./request.ts";
import { type Page, pageOf, shaped } from "./shape.ts";

export interface MessagePage extends Page<MessageSummary> {
  /** Where the feed stood before the rows were read. */
  readonly cursor: string;
}

export interface Group {
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly reasons: readonly {
    readonly code: string | null;
    readonly text: string | null;
    readonly count: number;
  }[];
}

export type MessageQuery = Readonly<Record<string, string | null | undefined>>;

const summaries = pageOf<MessageSummary>("source", "messageId", "status", "lastReceivedAt");
const messagePage = (value: unknown): value is MessagePage =>
  summaries(value) && Object.hasOwn(value, "cursor");
const messageShape = shaped<Message>("source", "messageId", "status", "history", "firstAt");

export function listMessages(query: MessageQuery, signal?: AbortSignal): Promise<Answer<MessagePage>> {
  return get(`/v1/messages${queryOf(query)}`, messagePage, signal);
}

export function readMessage(
  source: string,
  messageId: string,
  signal?: AbortSignal,
): Promise<Answer<Message>> {
  return get(pathOf("messages", source, messageId), messageShape, signal);
}

export function listMessageDeliveries(
  source: string,
  messageId: string,
  signal?: AbortSignal,
): Promise<Answer<Page<Delivery>>> {
  const path = pathOf("messages", source, messageId, "deliveries");
  return get(`${path}?limit=200`, pageOf<Delivery>("subscription", "event", "state", "attempts"), signal);
}

export function readGroup(source: string, group: string, signal?: AbortSignal): Promise<Answer<Group>> {
  return get(pathOf("groups", source, group), shaped<Group>("total", "byStatus", "reasons"), signal);
}
