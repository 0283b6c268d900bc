/** What owners do to their subscriptions: each time a change of the row, then a word to the objects. */
import { report } from "../../log/report.ts";
import type { Principal } from "../../model/access.ts";
import { type Failure, invalid } from "../../model/failure.ts";
import * as limits from "../../model/limits.ts";
import { fail, type Result, succeed } from "../../model/result.ts";
import { type Keyring, keyringOf, seal, sealingNonceBytes } from "../../secrets/seal.ts";
import type { ChangeRequest, CreateRequest } from "../request.ts";
import {
  type Author,
  deleteSubscription,
  insertSubscription,
  loadSubscription,
  type Refusal,
  updateSubscription,
} from "../settings/store.ts";
import { lookUp } from "../attempts/store.ts";
import { signingSecretBytes, writeSigningSecret } from "../attempts/signature.ts";
import { callAllObjects, pushSettings } from "../store.ts";
import {
  hiddenValue,
  mayKnowOf,
  sealedPlaces,
  type StoredScenario,
  type Subscription,
} from "../subscription.ts";
import { judgeTarget, readTargetPolicy } from "../attempts/target.ts";

/** A subscription with the secret that is shown this once. */
export interface Shown {
  readonly subscription: Subscription;
  readonly signingSecret: string;
}

const changesTriedMax = 3;

/** A subscription that the key may not know of is not there. */
export async function findSubscription(
  env: Env,
  principal: Principal,
  id: string,
): Promise<Result<Subscription>> {
  const found = await loadSubscription(env, id);
  return found !== null && mayKnowOf(principal.sources, found) ? succeed(found) : fail(noSubscription);
}

/** The request's URL must have been judged, and its filter is taken as it is. */
export async function createSubscription(
  env: Env,
  maker: Author & Pick<Principal, "sources">,
  { headers, ...request }: CreateRequest,
  scenario: StoredScenario | null,
): Promise<Result<Shown>> {
  const id = `sub_${crypto.getRandomValues(new Uint8Array(12)).toHex()}`;
  const keyring = keyringOf(env);
  const sealed = await sealHeaders(keyring, id, headers, {});
  if (!sealed.ok) return sealed;
  const signingSecret = writeSigningSecret(crypto.getRandomValues(new Uint8Array(signingSecretBytes)));
  const nowMs = Date.now();
  const now = new Date(nowMs).toISOString();
  const subscription: Subscription = {
    ...request,
    id,
    version: 1,
    disabledReason: null,
    scenario,
    headers: sealed.value,
    shards: request.parallelism,
    signingSecret: await sealHere(keyring, sealedPlaces.signingSecret(id), signingSecret),
    previousSecret: null,
    previousSecretExpiresAtMs: null,
    makerKeyId: maker.keyId,
    sources: maker.sources,
    createdAt: now,
    updatedAt: now,
    readAtMs: nowMs,
  };
  const inserted = await insertSubscription(env, subscription, maker);
  if (inserted === "full") return fail(tooMany);
  if (inserted !== "inserted") return fail(refusals[inserted]);
  return succeed({ subscription, signingSecret });
}

export async function changeSubscription(
  env: Env,
  author: Author,
  id: string,
  { headers, ...change }: ChangeRequest,
): Promise<Result<Subscription>> {
  return update(env, author, id, async (current) => {
    const moves = change.url !== undefined && !isSameOrigin(change.url, current.url);
    if (moves && headers === undefined && Object.keys(current.headers).length > 0) return fail(headersStay);
    // What one endpoint was trusted with is not handed to another unseen: who may change an address may not read a value.
    const kept = moves ? {} : current.headers;
    const sealed =
      headers === undefined ? succeed(kept) : await sealHeaders(keyringOf(env), id, headers, kept);
    if (!sealed.ok) return sealed;
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const keepsStatus = change.status === undefined;
    return succeed({
      ...current,
      ...given,
      // What was switched on or off is no draft any more.
      scenario: current.scenario && { ...current.scenario, draft: current.scenario.draft && keepsStatus },
      headers: sealed.value,
      shards: Math.max(current.shards, change.parallelism ?? 1),
      disabledReason: keepsStatus ? current.disabledReason : null,
    });
  });
}

/** The secret before signs as well until the overlap ends; one before that ends now. */
export async function rotateSecret(
  env: Env,
  author: Author,
  id: string,
  overlapSeconds: number,
): Promise<Result<Shown>> {
  const signingSecret = writeSigningSecret(crypto.getRandomValues(new Uint8Array(signingSecretBytes)));
  const sealed = await sealHere(keyringOf(env), sealedPlaces.signingSecret(id), signingSecret);
  const rotated = await update(env, author, id, async (current) =>
    succeed({
      ...current,
      signingSecret: sealed,
      previousSecret: overlapSeconds > 0 ? current.signingSecret : null,
      previousSecretExpiresAtMs: overlapSeconds > 0 ? Date.now() + overlapSeconds * 1_000 : null,
    }),
  );
  return rotated.ok ? succeed({ subscription: rotated.value, signingSecret }) : rotated;
}

/** First the row, so that no new share goes out; an object that can't be reached finds out before its next attempt. */
export async function removeSubscription(env: Env, subscription: Subscription): Promise<void> {
  await deleteSubscription(env, subscription.id);
  try {
    await callAllObjects(env, subscription, (object) => object.wipe());
  } catch (error) {
    report("subscription.unwiped", { subscription: subscription.id, error });
  }
}

/** Null: it may be called, as far as can be known now. `origin` is where this request reached us. */
export async function findTargetFault(
  env: Env,
  url: string,
  origin: string,
  path: string,
): Promise<Failure | null> {
  const policy = readTargetPolicy(env);
  const verdict = await judgeTarget(url, { ...policy, own: [...policy.own, origin] }, lookUp);
  return verdict.kind === "refused" ? invalid(path, verdict.reason) : null;
}

/** Makes a change of what is there now; if somebody else was faster, of what they left. */
async function update(
  env: Env,
  author: Author,
  id: string,
  change: (current: Subscription) => Promise<Result<Subscription>>,
): Promise<Result<Subscription>> {
  for (let tried = 0; tried < changesTriedMax; tried += 1) {
    const current = await loadSubscription(env, id);
    if (current === null) return fail(noSubscription);
    const changed = await change(current);
    if (!changed.ok) return changed;
    const next = { ...changed.value, updatedAt: new Date().toISOString() };
    const updated = await updateSubscription(env, next, author);
    if (updated === "outdated") continue;
    if (updated !== "updated") return fail(refusals[updated]);
    const stored = { ...next, version: current.version + 1 };
    await pushSettings(env, stored);
    return succeed(stored);
  }
  return fail({ kind: "conflict", detail: "The subscription is being changed by others; try again." });
}

async function sealHeaders(
  keyring: Keyring,
  id: string,
  given: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>>,
): Promise<Result<Record<string, string>>> {
  const byLowerName = new Map(Object.entries(known).map(([name, value]) => [name.toLowerCase(), value]));
  const sealed: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const kept = byLowerName.get(name.toLowerCase());
    if (value !== hiddenValue) sealed[name] = await sealHere(keyring, sealedPlaces.header(id, name), value);
    else if (kept !== undefined) sealed[name] = kept;
    else return fail(invalid(`headers.${name}`, "has no value to keep here"));
  }
  return succeed(sealed);
}

async function sealHere(keyring: Keyring, place: string, clear: string): Promise<string> {
  return seal(keyring, place, clear, crypto.getRandomValues(new Uint8Array(sealingNonceBytes)));
}

function isSameOrigin(one: string, other: string): boolean {
  return URL.parse(one)?.origin === URL.parse(other)?.origin;
}

const noSubscription: Failure = { kind: "notFound", detail: "There is no such subscription." };
const headersStay = invalid(
  "headers",
  "must be given with their values when the URL moves to another scheme, host or port; {} takes them away",
);
const refusals: Readonly<Record<Refusal, Failure>> = {
  authorGone: { kind: "unauthenticated" },
  authorLacksScope: { kind: "forbidden", detail: "This needs the scope subscriptions:write." },
};
const tooMany: Failure = {
  kind: "conflict",
  detail: `A deployment has at most ${limits.subscriptionsMax} subscriptions.`,
};
