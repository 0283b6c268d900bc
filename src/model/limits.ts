/** Every limit of the service, with its unit and its reason. Documented in docs/limits.md. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const limits = {
  /** Body of a provider's webhook. Far above the largest documented single status; a provider may raise it (Meta: 3 MiB). */
  webhookBodyBytesMax: MIB,
  /** Body of a management request; the largest is a scenario import. */
  managementBodyBytesMax: 256 * KIB,
  /** One provider item kept as `raw`; so that an event with its summary fits into one 128 KB queue message. */
  rawBytesMax: 32 * KIB,
  /** Metadata of one update; over it the item is bad. */
  metadataBytesMax: 8 * KIB,
  /** UTF-8 bytes of a message id; it is part of an object's name and of a URL. */
  messageIdBytesMax: 512,
  /** Events kept of one message; bounds the memory of its object and the work of a fold. */
  messageEventsMax: 500,
  /** UTF-8 bytes of a channel, recipient, group or provider's word; so that an event stays small without its `raw`. */
  labelBytesMax: KIB,
  /** Levels of nesting in a webhook; no provider needs ten, and deeper values overflow the stacks of serializers. */
  webhookDepthMax: 64,
  /** Aliases kept of one message; providers documented so far give at most three. */
  messageAliasesMax: 20,
  /** Characters of a reason's text; longer ones are cut. */
  reasonTextCharactersMax: 1_000,
  /** JSON bytes of a message's summary; over it metadata and parts are left out of lists. */
  summaryBytesMax: 32 * KIB,
  /** Accepted provider times begin here: no provider in scope is older; earlier is a broken clock. */
  earliestProviderTimeMs: Date.UTC(2009, 0, 1),
  /** How far a provider's clock may run ahead of ours. */
  providerClockAheadMsMax: 24 * 60 * 60 * 1000,
  /** RPCs in flight from one request, so that one big batch does not starve its neighbours. */
  parallelCallsMax: 32,
  /** From the first word of a webhook to its answer; then 503, since the provider's own patience ends soon after. */
  ingestDeadlineMs: 10_000,
  /** What we ask of a provider after a 503; most keep their own schedule. */
  ingestRetryAfterSeconds: 5,
  /** Kept of a rejected webhook's body; what is longer is cut, and cannot be replayed. */
  rejectedBodyBytesMax: 256 * KIB,
  /** Kept of a rejected webhook's headers; more only costs room. */
  rejectedHeadersBytesMax: 8 * KIB,
  /** Faults named in an answer and kept with a rejected webhook; a batch of a thousand bad items repeats itself. */
  rejectedIssuesMax: 100,
  /** Characters of a fault's path, and of its message; both may quote what a provider sent. */
  issueCharactersMax: 500,
  /** Rejected webhooks kept of one source; the oldest go first. Typically 1 MB, at worst 256 MB of 10 GB. */
  rejectedPerSourceMax: 1_000,
  /** Rows of one list page. */
  pageRowsDefault: 50,
  pageRowsMax: 200,
} as const;
