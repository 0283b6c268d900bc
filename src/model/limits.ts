/** Every limit of the service, with its unit and its reason. Documented in docs/limits.md. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Body of a provider's webhook. Far above the largest documented single status; a provider may raise it (Meta: 3 MiB). */
export const webhookBodyBytesMax = MIB;
/** Body of a management request; the largest is a scenario import. */
export const managementBodyBytesMax = 256 * KIB;
/** Read and thrown away of a body that is too large, so that its sender gets an answer; the platform takes no more itself. */
export const discardedBodyBytesMax = 100 * MIB;
/** One provider item kept as `raw`; so that an event with its summary fits into one 128 KB queue message. */
export const rawBytesMax = 32 * KIB;
/** Metadata of one update; over it the item is bad. */
export const metadataBytesMax = 8 * KIB;
/** UTF-8 bytes of a message id; it is part of an object's name and of a URL. */
export const messageIdBytesMax = 512;
/** Events kept of one message; bounds the memory of its object and the work of a fold. */
export const messageEventsMax = 500;
/** UTF-8 bytes of a channel, recipient, group or provider's word; so that an event stays small without its `raw`. */
export const labelBytesMax = KIB;
/** Levels of nesting in a body; no provider needs ten, and deeper values overflow the stacks of serializers. */
export const jsonDepthMax = 64;
/** Aliases kept of one message; providers documented so far give at most three. */
export const messageAliasesMax = 20;
/** Characters of a reason's text; longer ones are cut. */
export const reasonTextCharactersMax = 1_000;
/** JSON bytes of a message's summary; over it metadata and parts are left out of lists. */
export const summaryBytesMax = 32 * KIB;
/** Accepted provider times begin here: no provider in scope is older; earlier is a broken clock. */
export const earliestProviderTimeMs = Date.UTC(2009, 0, 1);
/** How far a provider's clock may run ahead of ours. */
export const providerClockAheadMsMax = 24 * 60 * 60 * 1000;
/** RPCs in flight from one request, so that one big batch does not starve its neighbours. */
export const parallelCallsMax = 32;
/** For the messages of a webhook to record it; then 503, since the provider's own patience ends soon after. */
export const ingestDeadlineMs = 10_000;
/** What we ask of a provider after a 503; most keep their own schedule. */
export const ingestRetryAfterSeconds = 5;
/** After a 429; a source's limit may be one webhook in a year, but nobody remembers that long. */
export const rateLimitRetryAfterSecondsMax = 24 * 60 * 60;
/** Kept of a rejected webhook's body; what is longer is cut, and cannot be replayed. */
export const rejectedBodyBytesMax = 256 * KIB;
/** Kept of a rejected webhook's headers; more only costs room. */
export const rejectedHeadersBytesMax = 8 * KIB;
/** Faults named in an answer, or kept with a rejected webhook; a thousand of them repeat themselves. */
export const issuesMax = 100;
/** Characters of a fault's path, and of its message; both may quote what a provider sent. */
export const issueCharactersMax = 500;
/** Rejected webhooks kept of one source; the oldest go first. Typically 1 MB, at worst 256 MB of 10 GB. */
export const rejectedPerSourceMax = 1_000;
/** A client's frame; the largest honest one is a subscription with the whole of `streamFiltersBytesMax`. */
export const streamFrameBytesMax = 16 * KIB;
/** All filters of a socket together, its token's included; they live in the socket's attachment (16 KiB). */
export const streamFiltersBytesMax = 8 * KIB;
/** A socket's state as a whole, kept below what the platform takes as an attachment. */
export const streamStateBytesMax = 15 * KIB;
/** JSON bytes of the list of sources that a key is bound to, as far as its sockets carry it: some 250 sources. */
export const streamSourcesBytesMax = 6 * KIB;
/** Subscriptions of one socket. */
export const streamSubscriptionsMax = 16;
/** Characters of a subscription's id; it stands in every frame. */
export const streamIdCharactersMax = 64;
/** Events, and UTF-8 bytes, of one `events` frame. */
export const streamPageEventsMax = 256;
export const streamPageBytesMax = 256 * KIB;
/** A quiet filter's cursor moves at least every so many events of the feed; also the work of one replayed page. */
export const streamQuietEventsMax = 1_000;
/** It also moves with the first events of each such span, so that it does not outlive what the feed keeps. */
export const streamQuietMs = 60 * 60 * 1000;
/** Unsent bytes behind which a client counts as too slow, where the platform shows them. */
export const streamBufferBytesMax = MIB;
/** Frames, other than the acks we asked for, that one socket may send in `streamFramesWindowMs`. */
export const streamFramesMax = 100;
export const streamFramesWindowMs = 10_000;
/** How often a client should ping; below the idle time of common proxies. */
export const streamPingSeconds = 25;
/** Life of a stream token. */
export const streamTokenSecondsDefault = 900;
export const streamTokenSecondsMax = 3_600;
/** Messages one stream token may be made for; with its filter they also fit `streamFiltersBytesMax`. */
export const streamTokenMessagesMax = 50;
/** Sockets of the feed; measured in docs/decisions. */
export const feedSocketsMax = 10_000;
/** Sockets of one message: a page that many people watch at once. */
export const messageSocketsMax = 500;
/** What the feed keeps, by age and by count. */
export const feedRetentionMs = 24 * 60 * 60 * 1000;
export const feedEventsMax = 1_000_000;
/** JSON bytes of one row of the feed's log; a row ends at 2 MB. */
export const feedRowBytesMax = MIB;
/** Marks (id and receipt) of the newest events held in memory (about 90 bytes each); a repeat of an older one is looked up in the log. */
export const feedRecentIdsMax = 200_000;
/** How far the clocks of a message's object and of the feed may be apart. */
export const feedClockSkewMs = 10_000;
/** Rows dropped in one turn, so that a long backlog of old ones delays nobody. */
export const feedPrunedRowsMax = 200;
/** How often old rows are looked for once none is left. */
export const feedPruneIntervalMs = 60_000;
/** Events looked at for one poll; a quiet filter answers with an empty page and a cursor further on. */
export const feedPollEventsMax = 5_000;
/** How long an isolate trusts what it knows of a source or a key: what is revoked elsewhere holds for no longer. */
export const accessCacheMsMax = 10_000;
/** Sources of a deployment; a list of them stays small enough to count and to read whole. */
export const sourcesMax = 1_000;
/** Auth entries of one source; no provider has more than two kinds of proof. */
export const authEntriesMax = 8;
/** Sets of credentials that hold at once at a source or key while rotations overlap; each is tried for each webhook. */
export const overlappingCredentialsMax = 5;
/** How long old credentials hold beside new ones where a rotation does not say. */
export const rotationOverlapSecondsDefault = 24 * 60 * 60;
/** Longer than this is no rotation any more. */
export const rotationOverlapSecondsMax = 30 * 24 * 60 * 60;
/** Between two writes of one source's counters by one isolate; below the 30 s for which work may outlive its request. */
export const activityWriteIntervalMs = 20_000;
/** Keys of a deployment; one for each program and colleague. */
export const keysMax = 1_000;
/** Between two writes of a key's last use by one isolate; nobody needs it finer. */
export const lastUseWriteIntervalMs = 60_000;
/** Characters of a name that people give. */
export const nameCharactersMax = 200;
/** Characters of an Idempotency-Key; a UUID has 36. */
export const idempotencyKeyCharactersMax = 255;
/** How long an answer is kept for its Idempotency-Key. */
export const idempotencyKeptMs = 24 * 60 * 60 * 1000;
/** After this a first request that left no answer is taken for dead, and its repeat may try. */
export const idempotencyAbandonedMs = 60_000;
/** Levels of nesting in a scenario's import body; the documented ones have ten, and deeper ones overflow serializers. */
export const scenarioDepthMax = 32;
/** Values in a scenario's import body; bounds the work of one rendering. */
export const scenarioNodesMax = 2_000;
/** Placeholders in a scenario; each can bring in a chat of `rawBytesMax`, so this bounds the size of a rendering. */
export const scenarioPlaceholdersMax = 64;
/** Characters of a scenario's URL, before its placeholders are filled in. */
export const scenarioUrlCharactersMax = 2_048;
/** The longest that a scenario's request may take. */
export const scenarioTimeoutMsMax = 30_000;
/** Messages asked to expire between two looks at the table, and events deleted in one statement. */
export const retentionMessagesPerChunk = 500;
export const retentionEventsPerChunk = 2_000;
/** Chunks of one run: 170 million messages a month, at half of the 10,000 calls of one; the rest waits for the next minute. */
export const retentionChunksMax = 8;
/** A run begins no more chunks after this, so that the next one, a minute later, seldom overlaps it. */
export const retentionRunMsMax = 40_000;
/** Subscriptions of a deployment, since the fan-out looks at all of them for each batch. */
export const subscriptionsMax = 1_000;
/** Characters of a subscription's URL; what proxies commonly take. */
export const subscriptionUrlCharactersMax = 2_048;
/** Headers of one subscription; an endpoint needs one or two. */
export const subscriptionHeadersMax = 30;
/** Characters of a header's value; servers commonly refuse headers of 8 KiB. */
export const subscriptionHeaderCharactersMax = 4_096;
/** How long an endpoint may take; who needs longer acknowledges first and works afterwards. */
export const subscriptionTimeoutSecondsMax = 30;
/** Deliveries a second that one can ask for; more is no limit any more. */
export const subscriptionRatePerSecondMax = 1_000;
/** Objects one subscription is spread over; six attempts at once each are more than most endpoints take. */
export const subscriptionParallelismMax = 16;
/** Read and kept of an endpoint's answer; enough for its error message. */
export const deliveryResponseBytesMax = 4 * KIB;
/** Attempts of one delivery told in full; two whole schedules, and a row stays small. */
export const deliveryAttemptsKeptMax = 20;
/** How long a delivery is kept after it has ended, its attempts with it. */
export const deliveryRetentionMs = 30 * 24 * 60 * 60 * 1000;
/** Attempts under way from one object; as many as a Worker may have waiting for their answers. */
export const deliveryAttemptsAtOnceMax = 6;
/** Replays of one subscription that run at once; they wait for each other, and each is looked at with every step. */
export const replaysRunningMax = 10;
/** A source that was heard before, and then not for so long, is reported: some providers give up after 6 h. */
export const sourceSilentMs = 5 * 60 * 60 * 1000;
/** Different webhooks rejected within an hour from which a source is reported. */
export const sourceRejectingPerHour = 10;
/** Messages of a recipient erased by one request, which says whether there are more; the cron erases as many a minute of all. */
export const erasedMessagesPerRequest = 200;
/** How long messages of an erased recipient are looked for that were left, or on their way: a queue may stand for hours. */
export const erasureWatchedMs = 24 * 60 * 60 * 1000;
/** Rows of one list page. */
export const pageRowsDefault = 50;
export const pageRowsMax = 200;
