/**
 * Who stands behind a presented key: the deployment's own, or one of the table, remembered for seconds.
 *
 * An unknown key is never remembered, so a new one works at once; a revoked one ends within `accessCacheMsMax`, and at
 * once for whoever asks afresh.
 */
import * as z from "zod/mini";
import { report } from "../log/report.ts";
import { type Principal, rootKeyId, scopes, scopeSchema, secretIdCharacters } from "../model/access.ts";
import * as limits from "../model/limits.ts";
import { jsonText } from "../model/text.ts";
import { sameSecret } from "../secrets/compare.ts";
import { missingSecrets } from "../secrets/required.ts";
import { hashKey, isWellFormedKey, secretIdOf } from "./key.ts";

const rootPrincipal: Principal = {
  keyId: rootKeyId,
  secretId: null,
  scopes,
  sources: null,
  expiresAtMs: null,
};

/** By the hash of the presented key. */
const remembered = new Map<string, { readonly principal: Principal; readonly readAtMs: number }>();
/** When this isolate last wrote down that a key was used. */
const useWrittenAtMs = new Map<string, number>();

const rowSchema = z.strictObject({
  id: z.string(),
  scopes: jsonText(z.array(scopeSchema)),
  sources: z.nullable(jsonText(z.array(z.string()))),
  expires_at: z.nullable(z.string()),
  holds_until: z.nullable(z.string()),
});

/** Null: unknown, mistyped, expired or revoked; nobody is told which. */
export async function findPrincipal(
  env: Env,
  key: string,
  { fresh }: { readonly fresh: boolean },
): Promise<Principal | null> {
  if (missingSecrets(env).length > 0) return null;
  if (await sameSecret(key, env.ROOT_KEY)) return rootPrincipal;
  if (!isWellFormedKey(key)) return null;
  const hash = await hashKey(key);
  const nowMs = Date.now();
  const known = remembered.get(hash);
  if (!fresh && known !== undefined && nowMs - known.readAtMs < limits.accessCacheMsMax) {
    return unlessExpired(known.principal, nowMs);
  }
  const principal = await readPrincipal(env, hash);
  if (principal === null) remembered.delete(hash);
  else remembered.set(hash, { principal, readAtMs: nowMs });
  return principal === null ? null : unlessExpired(principal, nowMs);
}

/**
 * What a key may do now, for what it opened and made. Null: deleted or expired, or the named one of its secrets is.
 * Without a name it is as good as the secret that holds longest.
 */
export async function findPrincipalById(
  env: Env,
  keyId: string,
  secretId: string | null = null,
): Promise<Principal | null> {
  if (keyId === rootPrincipal.keyId) return rootPrincipal;
  const found = await env.DB.prepare(
    `SELECT keys.id, keys.scopes, keys.sources, keys.expires_at, key_secrets.holds_until
     FROM keys JOIN key_secrets ON key_secrets.key_id = keys.id
     WHERE keys.id = ?1 AND (?2 IS NULL OR substr(key_secrets.hash, 1, ?3) = ?2)
     ORDER BY key_secrets.holds_until IS NULL DESC, key_secrets.holds_until DESC
     LIMIT 1`,
  )
    .bind(keyId, secretId, secretIdCharacters)
    .first();
  return found === null ? null : unlessExpired(principalOf(found, secretId), Date.now());
}

/** To be called after each change of a key, so that at least this isolate acts on it at once. */
export function forgetKey(keyId: string): void {
  for (const [hash, { principal }] of remembered) {
    if (principal.keyId === keyId) remembered.delete(hash);
  }
}

/** Writes down that a key was used, at most once a minute, and without letting the request wait. */
export function noteKeyUse(env: Env, context: Pick<ExecutionContext, "waitUntil">, keyId: string): void {
  const nowMs = Date.now();
  const writtenAtMs = useWrittenAtMs.get(keyId) ?? -Infinity;
  if (keyId === rootPrincipal.keyId || nowMs - writtenAtMs < limits.lastUseWriteIntervalMs) return;
  useWrittenAtMs.set(keyId, nowMs);
  context.waitUntil(writeUse(env, keyId, nowMs));
}

async function writeUse(env: Env, keyId: string, nowMs: number): Promise<void> {
  try {
    // Other isolates write too: whoever finds a fresh time leaves it.
    await env.DB.prepare(
      "UPDATE keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?3)",
    )
      .bind(keyId, timeText(nowMs), timeText(nowMs - limits.lastUseWriteIntervalMs))
      .run();
  } catch (error) {
    useWrittenAtMs.delete(keyId);
    report("key.useUnwritten", { keyId, error });
  }
}

async function readPrincipal(env: Env, hash: string): Promise<Principal | null> {
  const found = await env.DB.prepare(
    `SELECT keys.id, keys.scopes, keys.sources, keys.expires_at, key_secrets.holds_until
     FROM key_secrets JOIN keys ON keys.id = key_secrets.key_id
     WHERE key_secrets.hash = ?`,
  )
    .bind(hash)
    .first();
  return found === null ? null : principalOf(found, secretIdOf(hash));
}

function principalOf(found: unknown, secretId: string | null): Principal {
  const row = rowSchema.parse(found);
  const ends = [row.expires_at, row.holds_until].flatMap((text) => (text === null ? [] : [Date.parse(text)]));
  return {
    keyId: row.id,
    secretId,
    scopes: row.scopes,
    sources: row.sources,
    expiresAtMs: ends.length === 0 ? null : Math.min(...ends),
  };
}

function unlessExpired(principal: Principal, nowMs: number): Principal | null {
  return principal.expiresAtMs !== null && principal.expiresAtMs <= nowMs ? null : principal;
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
