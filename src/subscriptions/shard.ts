/** Which of a subscription's objects a message belongs to: always the same one, so that its deliveries stay together. */

/** FNV-1a over the UTF-8 bytes: even enough for a dozen shards, and the same everywhere. */
export function shardOf(source: string, messageId: string, parallelism: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${source}/${messageId}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0) % parallelism;
}

export function subscriptionObjectName(subscription: string, shard: number): string {
  return `${subscription}/${shard}`;
}

/** An object whose name says none counts as the first: it keeps to the rate. */
export function shardOfObject(name: string | undefined): number {
  const shard = Number(name?.split("/")[1]);
  return Number.isInteger(shard) ? shard : 0;
}
