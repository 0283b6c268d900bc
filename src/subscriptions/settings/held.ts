/** The settings as an object holds them: told with each share and each change, read again when they grow old. */
import type { OpenedSecrets } from "../outgoing.ts";
import type { Subscription } from "../subscription.ts";

/** Settings that are older are read again before an attempt. */
const freshMs = 5_000;

export interface HeldSettings {
  /** What is known without asking; null before anything was told. */
  readonly known: () => Subscription | null;
  /** The newer of two versions stays, whichever came later. */
  readonly learn: (subscription: Subscription) => void;
  /** As of now, give or take `freshMs`. Null: deleted. */
  readonly current: (id: string) => Promise<Subscription | null>;
  /** Opened once for each version. Null: they cannot be opened. */
  readonly secretsOf: (subscription: Subscription) => Promise<OpenedSecrets | null>;
}

export interface Origin {
  readonly load: (id: string) => Promise<Subscription | null>;
  readonly open: (subscription: Subscription) => Promise<OpenedSecrets | null>;
  readonly nowMs: () => number;
}

export function holdSettings({ load, open, nowMs }: Origin): HeldSettings {
  let held: { readonly subscription: Subscription; readonly readAtMs: number } | null = null;
  let secrets: { readonly version: number; readonly opened: OpenedSecrets | null } | null = null;
  const learn = (subscription: Subscription) => {
    if (held !== null && held.subscription.version > subscription.version) return;
    held = { subscription, readAtMs: nowMs() };
  };
  const known = () => held?.subscription ?? null;
  return {
    known,
    learn,
    current: async (id) => {
      if (held !== null && nowMs() - held.readAtMs < freshMs) return held.subscription;
      const read = await load(id);
      if (read !== null) learn(read);
      return read === null ? null : known();
    },
    secretsOf: async (subscription) => {
      if (secrets?.version === subscription.version) return secrets.opened;
      const opened = await open(subscription);
      secrets = { version: subscription.version, opened };
      return opened;
    },
  };
}
