/** Messages, their groups, the overview, and erasure. */
import { statuses } from "../../model/status.ts";
import { type Operation, pageParameters, type Parameter, timeParameterSchema } from "../operation.ts";

const word = (description: string, example?: string): Parameter =>
  example === undefined ? { description } : { description, example };

export const messageQuery = {
  source: word("Only of this source.", "my-nifteem"),
  provider: word("Only of this provider.", "nifteem"),
  status: {
    description: "Only messages that show this status now.",
    schema: { type: "string", enum: [...statuses] },
    example: "failed",
  },
  channel: word("Only of this channel."),
  recipient: word("Only to this recipient, as the provider writes it.", "+390000000"),
  group: word("Only of this dispatch or broadcast."),
  alias: word("Only the message that has this other id, such as a wamid."),
  messageId: word("Only messages with this id, of whatever source."),
  reason: word("Only failures with this code."),
  since: { description: "Heard of since then (`lastReceivedAt`).", schema: timeParameterSchema },
  until: { description: "Heard of before then.", schema: timeParameterSchema },
} satisfies Record<string, Parameter>;

export const messageOperations: readonly Operation[] = [
  {
    id: "listMessages",
    method: "get",
    path: "/v1/messages",
    area: "Messages",
    summary: "List and search messages",
    description:
      "Newest activity first. `cursor` is the feed's place from before the rows were read: a stream from there misses nothing that they do not show yet. An unknown parameter is refused.",
    access: "messages:read",
    query: { ...messageQuery, ...pageParameters },
    answers: { 200: { description: "A page of messages, without their history.", body: "MessageList" } },
  },
  {
    id: "readMessage",
    method: "get",
    path: "/v1/messages/{source}/{messageId}",
    area: "Messages",
    summary: "Read one message with its history",
    description:
      "Answered by the message's own object: it shows every update that was answered 200. The weak `ETag` is the version; with `If-None-Match` an unchanged message is 304.",
    access: "messages:read",
    headers: { "If-None-Match": { description: "The `ETag` of the answer before.", example: 'W/"3"' } },
    answers: {
      200: { description: "The message.", body: "Message", headers: { ETag: 'The version, like `W/"3"`.' } },
      304: { description: "The version is still the one of `If-None-Match`." },
    },
  },
  {
    id: "listMessageDeliveries",
    method: "get",
    path: "/v1/messages/{source}/{messageId}/deliveries",
    area: "Messages",
    summary: "List what was delivered of one message",
    description: "Over all subscriptions that the key may know of, newest event first.",
    access: "subscriptions:read",
    query: pageParameters,
    answers: { 200: { description: "A page of deliveries.", body: { page: "Delivery" } } },
  },
  {
    id: "eraseMessage",
    method: "delete",
    path: "/v1/messages/{source}/{messageId}",
    area: "Messages",
    summary: "Erase one message everywhere",
    description:
      "Out of its object, the tables, the feed, deliveries and rejected webhooks. May be sent again if it was cut off.",
    access: "messages:erase",
    answers: { 204: { description: "Erased." } },
  },
  {
    id: "eraseRecipient",
    method: "post",
    path: "/v1/erasures",
    area: "Messages",
    summary: "Erase all messages of one recipient",
    description:
      "At most 200 messages at a time; `more` tells whether to ask again. What is left, and messages that came before the request and are still being fanned out, go by themselves: each minute up to 200 messages of all such requests, for a day, as long as the key exists and may erase them. Messages that begin later stay.",
    access: "messages:erase",
    body: { name: "ErasureRequest" },
    answers: { 200: { description: "What was erased.", body: "Erasure" } },
  },
  {
    id: "readGroup",
    method: "get",
    path: "/v1/groups/{source}/{group}",
    area: "Messages",
    summary: "Read the funnel of a dispatch or broadcast",
    access: "messages:read",
    answers: { 200: { description: "Its messages by status, and why they failed.", body: "Group" } },
  },
  {
    id: "readOverview",
    method: "get",
    path: "/v1/overview",
    area: "Messages",
    summary: "Read what flows, what fails and why",
    description: "From counts per minute. Reaches back at most 7 days; a day if `since` is left out.",
    access: "messages:read",
    query: { since: { description: "From when on.", schema: timeParameterSchema } },
    answers: { 200: { description: "The overview.", body: "Overview" } },
  },
];
