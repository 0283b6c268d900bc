/** The settings as an object holds them: told with each share and each change, read again when they grow old. */
import type { OpenedSecrets } from "../attempts/outgoing.ts";
import type { Subscription } from "../subscription.ts";

/** Settings that are older are read again before an attempt. */
const freshMs = 5_000;

export interface HeldSettings {
  /** What is known without asking, however old; null before anything was told. */
  readonly known: () => Subscription | null;
  /** As of now, give or take `freshMs`; null where they have to be read. */
  readonly fresh: () => Subscription | null;
  /** The newer of two versions stays, whichever came later. */
  readonly learn: (subscription: Subscription) => void;
  /** Null: deleted. Who asks while another does gets the same answer. */
  readonly read: (id: string) => Promise<Subscription | null>;
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
  let reading: Promise<Subscription | null> | null = null;
  let secrets: { readonly version: number; readonly opened: OpenedSecrets | null } | null = null;
  const known = () => held?.subscription ?? null;
  const learn = (subscription: Subscription) => {
    if (held !== null && held.subscription.version > subscription.version) return;
    held = { subscription, readAtMs: nowMs() };
  };
  const readAnew = async (id: string) => {
    try {
      const read = await load(id);
      if (read === null) return null;
      learn(read);
      return known();
    } finally {
      reading = null;
    }
  };
  return {
    known,
    fresh: () => (held !== null && nowMs() - held.readAtMs < freshMs ? held.subscription : null),
    learn,
    read: (id) => (reading ??= readAnew(id)),
    secretsOf: async (subscription) => {
      if (secrets?.version === subscription.version) return secrets.opened;
      const opened = await open(subscription);
      secrets = { version: subscription.version, opened };
      return opened;
    },
  };
}
