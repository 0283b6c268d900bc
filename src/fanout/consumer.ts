/** Takes batches of recorded events from the queue to everyone who wants to know. */
export async function fanOut(_batch: MessageBatch, _env: Env): Promise<void> {}
