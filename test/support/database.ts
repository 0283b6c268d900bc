/** The database, with a count of the rows that it read, which are billed; and many rows of messages at once. */
import { env } from "cloudflare:workers";
import { source } from "./updates.ts";

type Result = D1Result<Record<string, unknown>>;

interface Counted {
  readonly raw: D1PreparedStatement;
  readonly bind: (...values: unknown[]) => Counted;
  readonly all: () => Promise<Result>;
  readonly run: () => Promise<Result>;
  readonly first: (column: string) => Promise<unknown>;
}

export function countedDatabase() {
  const read = { rows: 0 };
  const note = (result: Result): Result => {
    read.rows += result.meta.rows_read;
    return result;
  };
  const wrap = (raw: D1PreparedStatement): Counted => ({
    raw,
    bind: (...values) => wrap(raw.bind(...values)),
    all: async () => note(await raw.all()),
    run: async () => note(await raw.run()),
    first: async (column) => {
      const [row] = note(await raw.all()).results;
      return row?.[column] ?? null;
    },
  });
  const DB = {
    prepare: (sql: string) => wrap(env.DB.prepare(sql)),
    batch: async (statements: readonly Counted[]) =>
      (await env.DB.batch<Record<string, unknown>>(statements.map(({ raw }) => raw))).map(note),
  };
  return { DB, read };
}

/** Rows of messages as the fan-out leaves them, without their objects. */
export async function givenMessageRows(count: number, prefix: string, receivedAt: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO messages (source, message_id, provider, born, version, status, recipient, last_received_at, summary)
     SELECT ?1, ?2 || value, 'nifteem', ?3, 1, 'sent', '+39' || value, ?3, json_object('aliases', json_array('A' || value))
     FROM json_each(?4) WHERE true ON CONFLICT (source, message_id) DO NOTHING`,
  )
    .bind(source, prefix, receivedAt, JSON.stringify(Array.from({ length: count }, (_, index) => index)))
    .run();
}
