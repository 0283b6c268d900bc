/**
 * May we call this URL? Only https to names whose every address is public; a deployment's operator, or a local run,
 * can list exceptions. Judged when a subscription is made and again before every attempt.
 *
 * What is left: between our look-up and the connection a name can change its address. The platform's own refusal of
 * private addresses (`global_fetch_strictly_public`) stands behind that.
 */
import ipaddr from "ipaddr.js";
import * as z from "zod/mini";
import type { Network } from "./deliver.ts";

export interface TargetPolicy {
  /** `host` or `host:port` that may be called whatever they are, also by http. */
  readonly allowed: readonly string[];
  /** Our own addresses as origins; calling ourselves would go round in circles. */
  readonly own: readonly string[];
}

export type Verdict =
  | { readonly kind: "callable" }
  /** Must never be called. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Nothing is known against it, but its name could not be looked up now. */
  | { readonly kind: "unresolved"; readonly reason: string };

/** All IPv4 and IPv6 addresses of a name; none where it has none. Throws where the resolver gives no answer. */
export type LookUp = (hostname: string) => Promise<readonly string[]>;

const reservedSuffixes = [".local", ".localhost", ".internal", ".home.arpa", ".onion"];

export function readTargetPolicy(settings: { ALLOWED_TARGETS: string; PUBLIC_URL: string }): TargetPolicy {
  return {
    allowed: settings.ALLOWED_TARGETS.split(",")
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== ""),
    own: settings.PUBLIC_URL === "" ? [] : [settings.PUBLIC_URL],
  };
}

export async function judgeTarget(text: string, policy: TargetPolicy, lookUp: LookUp): Promise<Verdict> {
  const judged = judgeUrl(text, policy);
  if (judged.kind !== "public") return judged;
  let addresses: readonly string[];
  try {
    addresses = await lookUp(judged.hostname);
  } catch {
    return { kind: "unresolved", reason: "the host name could not be looked up" };
  }
  if (addresses.length === 0) return { kind: "unresolved", reason: "the host name has no address" };
  if (addresses.every(isPublicAddress)) return { kind: "callable" };
  return { kind: "refused", reason: "the host name leads to an address that is not public" };
}

/** What can be said without asking the network. */
export function judgeUrl(text: string, policy: TargetPolicy): Verdict | { kind: "public"; hostname: string } {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return refused("must be an https URL");
  }
  if (url.username !== "" || url.password !== "") return refused("must not carry a user name or password");
  const own = policy.own.flatMap((address) => URL.parse(address) ?? []);
  if (isAllowed(url, policy.allowed)) {
    return own.some((ours) => isSameDoor(ours, url)) ? refused("is our own address") : { kind: "callable" };
  }
  if (url.protocol !== "https:") return refused("must be an https URL");
  const reason = nameFault(url.hostname);
  if (reason !== null) return refused(reason);
  if (own.some((ours) => ours.hostname === url.hostname)) return refused("is our own address");
  return { kind: "public", hostname: url.hostname };
}

/** This machine has several names for itself; one port of it is one service, whichever is used. */
function isSameDoor(ours: URL, url: URL): boolean {
  if (ours.host === url.host) return true;
  return ours.port === url.port && isLoopback(ours.hostname) && isLoopback(url.hostname);
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  const address = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

/** The URL parser has already turned every spelling of an IPv4 address into its plain one. */
function nameFault(hostname: string): string | null {
  if (hostname.startsWith("[") || ipaddr.isValid(hostname)) return "must name a host, not an IP address";
  if (hostname.endsWith(".")) return "must not end in a dot";
  if (!hostname.includes(".")) return "must be a full domain name";
  if (reservedSuffixes.some((suffix) => hostname.endsWith(suffix))) return "names a private network";
  return null;
}

function isAllowed(url: URL, allowed: readonly string[]): boolean {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return allowed.some((entry) => entry === url.hostname || entry === `${url.hostname}:${port}`);
}

function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

function refused(reason: string): Verdict {
  return { kind: "refused", reason };
}

const resolverUrl = "https://cloudflare-dns.com/dns-query";
const resolverTimeoutMs = 2_000;
const cachedMsMax = 60_000;
/** How long a silent resolver is not asked again for the same name. */
const silenceMs = 5_000;
const namesCachedMax = 1_000;
/** Types of a DNS record. */
const recordTypes = { A: 1, AAAA: 28 } as const;

const dnsAnswerSchema = z.object({
  Status: z.int(),
  Answer: z.optional(
    z.array(z.object({ type: z.int(), TTL: z.number().check(z.nonnegative()), data: z.string() })),
  ),
});

/** Looks up by DNS over HTTPS, and remembers what it heard for the records' lifetime, at most 60 s. */
export function dnsOverHttps(network: Network): LookUp {
  const known = new Map<string, { untilMs: number; addresses: readonly string[] | null }>();
  return async (hostname) => {
    const nowMs = network.nowMs();
    const cached = known.get(hostname);
    if (cached !== undefined && cached.untilMs > nowMs) {
      if (cached.addresses === null) throw new Error("the resolver gave no answer");
      return cached.addresses;
    }
    if (known.size >= namesCachedMax) known.clear();
    try {
      const records = (
        await Promise.all([ask(network, hostname, "A"), ask(network, hostname, "AAAA")])
      ).flat();
      const addresses = records.map((record) => record.data);
      const lifetimeMs = Math.min(cachedMsMax, ...records.map((record) => record.TTL * 1_000));
      if (addresses.length > 0) known.set(hostname, { untilMs: nowMs + lifetimeMs, addresses });
      return addresses;
    } catch (error) {
      known.set(hostname, { untilMs: network.nowMs() + silenceMs, addresses: null });
      throw error;
    }
  };
}

async function ask(network: Network, hostname: string, type: keyof typeof recordTypes) {
  const { signal, stop } = network.startTimeout(resolverTimeoutMs);
  try {
    const url = `${resolverUrl}?name=${encodeURIComponent(hostname)}&type=${type}`;
    const response = await network.fetch(url, { headers: { Accept: "application/dns-json" }, signal });
    if (!response.ok) throw new Error(`the resolver answered ${response.status}`);
    const answer = dnsAnswerSchema.parse(await response.json());
    const [noError, nameError] = [0, 3];
    if (answer.Status !== noError && answer.Status !== nameError) throw new Error("the resolver failed");
    return (answer.Answer ?? []).filter((record) => record.type === recordTypes[type]);
  } finally {
    stop();
  }
}
