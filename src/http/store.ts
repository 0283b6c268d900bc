/** The database as the shared routes need it: whether it answers, and what was answered under an Idempotency-Key. */
import * as z from "zod/mini";
import * as limits from "../model/limits.ts";
import { keyringOf, seal, sealingNonceBytes, unseal } from "../secrets/seal.ts";

/** What is repeated for the same key. */
const answerSchema = z.strictObject({
  status: z.int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
});
export type Answer = z.infer<typeof answerSchema>;

export type Claim =
  /** This request is the first. It must `keepAnswer` or `releaseClaim`. */
  | { readonly kind: "first" }
  | { readonly kind: "answered"; readonly answer: Answer }
  /** The first one has not been answered yet. */
  | { readonly kind: "atWork" }
  /** The first one had another body. */
  | { readonly kind: "different" };

const healthTimeoutMs = 3_000;

/** D1 that throws and D1 that hangs are the same to whoever waits. */
export async function databaseAnswers(database: D1Database): Promise<boolean> {
  const answer = database
    .prepare("SELECT 1")
    .first()
    .then(
      () => true,
      () => false,
    );
  const late = new Promise<false>((settle) => setTimeout(() => settle(false), healthTimeoutMs));
  return Promise.race([answer, late]);
}

/** Only one of any number of requests at the same time is first; whoever stays silent for too long is taken for dead. */
export async function claim(env: Env, id: string, fingerprint: string): Promise<Claim> {
  const nowMs = Date.now();
  const claimed = await env.DB.prepare(
    `INSERT INTO idempotent_requests (id, fingerprint, created_at) VALUES (?1, ?2, ?3)
     ON CONFLICT (id) DO UPDATE SET fingerprint = ?2, answer = NULL, created_at = ?3
     WHERE created_at < ?4 OR (answer IS NULL AND created_at < ?5)`,
  )
    .bind(
      id,
      fingerprint,
      timeText(nowMs),
      timeText(nowMs - limits.idempotencyKeptMs),
      timeText(nowMs - limits.idempotencyAbandonedMs),
    )
    .run();
  if (claimed.meta.changes > 0) return { kind: "first" };
  const row = await env.DB.prepare("SELECT fingerprint, answer FROM idempotent_requests WHERE id = ?")
    .bind(id)
    .first<{ fingerprint: string; answer: string | null }>();
  // Released between the two statements: the next repeat will be first.
  if (row === null) return { kind: "atWork" };
  if (row.fingerprint !== fingerprint) return { kind: "different" };
  if (row.answer === null) return { kind: "atWork" };
  const clear = await unseal(keyringOf(env), answerPlace(id), row.answer);
  if (clear === null) throw new Error("an answer was sealed under a key that is not set");
  return { kind: "answered", answer: answerSchema.parse(JSON.parse(clear)) };
}

/** Sealed, since an answer may hold what is shown only once. */
export async function keepAnswer(env: Env, id: string, answer: Answer): Promise<void> {
  const nonce = crypto.getRandomValues(new Uint8Array(sealingNonceBytes));
  const sealed = await seal(keyringOf(env), answerPlace(id), JSON.stringify(answer), nonce);
  await env.DB.prepare("UPDATE idempotent_requests SET answer = ? WHERE id = ?").bind(sealed, id).run();
}

/** Nothing was created: the same key may be used again. */
export async function releaseClaim(env: Env, id: string): Promise<void> {
  await env.DB.prepare("DELETE FROM idempotent_requests WHERE id = ?").bind(id).run();
}

export async function forgetOldAnswers(env: Env): Promise<void> {
  await env.DB.prepare("DELETE FROM idempotent_requests WHERE created_at < ?")
    .bind(timeText(Date.now() - limits.idempotencyKeptMs))
    .run();
}

function answerPlace(id: string): string {
  return `idempotent_requests/${id}/answer`;
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
