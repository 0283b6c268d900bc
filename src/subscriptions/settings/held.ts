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
  /** The newer of two stays, whichever came later. */
  readonly learn: (subscription: Subscription) => void;
  /**
   * Null: deleted. Who asks while another does gets the same answer. What is read holds, also if its version is older:
   * the database may have been set back.
   */
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
  let held: Subscription | null = null;
  let reading: Promise<Subscription | null> | null = null;
  let secrets: { readonly of: Subscription; readonly opened: OpenedSecrets | null } | null = null;
  const known = () => held;
  const learn = (told: Subscription) => {
    if (held !== null && !replaces(told, held)) return;
    held = { ...told, readAtMs: Math.min(told.readAtMs, nowMs()) };
  };
  const readAnew = async (id: string) => {
    const before = held;
    try {
      const read = await load(id);
      if (read === null) return null;
      // What was told meanwhile may be newer than what was read.
      if (held === before) held = null;
      // As of now, however long the database took: otherwise a slow one would be asked again and again.
      learn({ ...read, readAtMs: nowMs() });
      return known();
    } finally {
      reading = null;
    }
  };
  return {
    known,
    fresh: () => (held !== null && isYoung(nowMs() - held.readAtMs) ? held : null),
    learn,
    read: (id) => (reading ??= readAnew(id)),
    secretsOf: async (subscription) => {
      if (secrets !== null && isSameChange(secrets.of, subscription)) return secrets.opened;
      const opened = await open(subscription);
      secrets = { of: subscription, opened };
      return opened;
    },
  };
}

/** Clocks may differ, by seconds at most: what was read later by more than that is newer, whatever its version. */
function replaces(told: Subscription, held: Subscription): boolean {
  if (told.version < held.version) return told.readAtMs >= held.readAtMs + freshMs;
  return told.version > held.version || told.readAtMs > held.readAtMs;
}

/** Younger than none: the clock was set back since, and nothing is known of the age. */
function isYoung(ageMs: number): boolean {
  return ageMs >= 0 && ageMs < freshMs;
}

/** In a database that was set back a version comes a second time. */
function isSameChange(one: Subscription, other: Subscription): boolean {
  return one.version === other.version && one.updatedAt === other.updatedAt;
}
