/** Sources as the edge finds them: put straight into the table, so that each set of entries can be had. */
import { env } from "cloudflare:workers";
import type { AuthEntry } from "../../src/providers/scheme.ts";
import { sealSets } from "../../src/sources/store.ts";

export interface GivenSource {
  readonly provider: string;
  /** The sets that hold, newest first. */
  readonly authSets: readonly (readonly AuthEntry[])[];
  readonly status: "active" | "inactive";
  readonly rateLimit: { readonly perSecond: number; readonly burst: number } | null;
}

export const nifteemKey: AuthEntry = { type: "header", name: "X-API-Key", value: "right-nifteem-key" };
export const callbellToken: AuthEntry = { type: "urlToken", token: "right-callbell-token" };
export const texterKey: AuthEntry = {
  type: "header",
  name: "Authorization",
  value: "Bearer right-texter-key",
};

let made = 0;

/** Another source for every test: settings are remembered and rows stay. */
export async function givenSource(source: Partial<GivenSource> = {}): Promise<string> {
  made += 1;
  const id = `source-${made}-${crypto.randomUUID().slice(0, 8)}`;
  await storeSource(id, source);
  return id;
}

/** Also for a change behind the edge's back, as another isolate makes it. */
export async function storeSource(id: string, source: Partial<GivenSource> = {}): Promise<void> {
  const { provider = "nifteem", authSets = [[nifteemKey]], status = "active", rateLimit = null } = source;
  const sets = authSets.map((entries, index) => ({
    entries: [...entries],
    holdsUntilMs: index === 0 ? null : Date.now() + 60_000,
  }));
  const sealed = await sealSets(env, id, sets);
  const now = new Date().toISOString();
  await env.DB.prepare(
    `INSERT INTO sources (id, provider, name, status, auth, sealed_auth, auth_version, rate_limit, created_at, updated_at)
     VALUES (?1, ?2, ?1, ?3, '[]', ?4, 1, ?5, ?6, ?6)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, sealed_auth = excluded.sealed_auth,
       rate_limit = excluded.rate_limit`,
  )
    .bind(id, provider, status, sealed, rateLimit === null ? null : JSON.stringify(rateLimit), now)
    .run();
}
