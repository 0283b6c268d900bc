/**
 * The port through which every provider is reached: bytes in, updates out.
 *
 * A provider is data and pure functions. It never awaits, never reads a clock and never throws for what a
 * provider may send: whatever the bytes are, `read` answers with one of the outcomes below. A webhook reaches
 * `read` only after every auth entry of its source has held. One webhook may carry many items; a bad item is
 * returned beside the good ones and takes none of them down.
 */
import type { Issue } from "../model/failure.ts";
import type { Json } from "../model/json.ts";
import type { Update } from "../model/update.ts";
import type { AuthEntry, AuthScheme } from "./scheme.ts";

/** A request as it came, before anything trusted it. Header names are lower-case. */
export interface Webhook {
  readonly method: "POST" | "GET";
  /** Path and query as the provider called them, on the deployment's public origin: what some providers sign. */
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface BadItem {
  /** The provider's own item. */
  readonly raw: Json;
  /** Paths are relative to the whole body. */
  readonly issues: readonly Issue[];
}

export type Reading =
  /** Status updates, and what of the batch could not be read. One of the lists may be empty. */
  | { readonly kind: "updates"; readonly updates: readonly Update[]; readonly bad: readonly BadItem[] }
  /** Authentic, and about something else; `event` is the provider's word for it. */
  | { readonly kind: "ignored"; readonly event: string }
  /** Not JSON, not a form, not the provider's shape, or nothing in it can be recorded. */
  | { readonly kind: "invalid"; readonly issues: readonly Issue[] };

/** A plain answer to a handshake or connection check. */
export interface HandshakeAnswer {
  readonly accepted: boolean;
  readonly body: string;
  readonly contentType: "application/json" | "text/plain";
}

export interface Provider {
  /** In URLs and events: lower-case letters and digits. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** Over this many bytes a webhook is refused; `limits.webhookBodyBytesMax` where left out. */
  readonly bodyBytesMax?: number;
  /** What a source gets that names no auth of its own. Values left out are generated. */
  readonly defaultAuth: readonly AuthEntry[];
  /** Schemes that only this provider has, by their `type`; the general ones of scheme.ts always work. */
  readonly schemes?: Readonly<Record<string, AuthScheme>>;
  /** For the person who connects an account: where the URL goes, which secret to copy, what is checked. */
  readonly setup: string;
  /** The body of our 200; "empty" for the providers that ask for none. */
  readonly acknowledgement: "json" | "empty";
  /**
   * True where a message's other ids belong to it for good, and later updates may carry nothing but one of them:
   * an update under an alias that is known belongs to the message that named it.
   */
  readonly bindsAliases?: boolean;
  /** True for the few that report by GET; their GETs go through `read` like a POST. */
  readonly readsGet?: boolean;
  /** Answers a GET that is a handshake or connection check; left out: such GETs are refused. */
  readonly handshake?: (webhook: Webhook, auth: readonly AuthEntry[]) => HandshakeAnswer;
  readonly read: (webhook: Webhook) => Reading;
}
