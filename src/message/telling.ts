/**
 * Tells the sockets of a message what is new, in the order in which it came. Where keys have to be asked for first,
 * the events of later updates wait behind.
 */
import { report } from "../log/report.ts";
import type { Sockets } from "../stream/object.ts";
import { askedCredentials, dismiss } from "./followers.ts";
import type { Entry } from "./ledger.ts";
import { messageEntry } from "./stream.ts";

export interface Teller {
  tell(added: readonly Entry[]): void;
  /** Once whatever is being told now has been told. */
  settled(): Promise<void>;
}

export interface TellerOptions {
  readonly sockets: Pick<Sockets, "credentials" | "closeAll" | "deliver">;
  /** Whether the message still has it: nothing is told of one that has gone in the meantime. */
  readonly isKept: (entry: Entry) => boolean;
  /** Which of these credentials may follow the source's messages now. */
  readonly findFollowers: (credentials: readonly string[], source: string) => Promise<ReadonlySet<string>>;
  readonly waitUntil: (telling: Promise<void>) => void;
}

export function makeTeller({ sockets, isKept, findFollowers, waitUntil }: TellerOptions): Teller {
  /** Ends with the last events that were told. */
  let telling: Promise<void> | null = null;

  function deliver(added: readonly Entry[]): void {
    sockets.deliver(added.filter((entry) => isKept(entry)).map(({ event }) => messageEntry(event)));
  }

  async function ask(credentials: readonly string[], [first]: readonly Entry[]): Promise<void> {
    if (first === undefined || credentials.length === 0) return;
    try {
      await dismiss(sockets, credentials, (asked) => findFollowers(asked, first.event.source));
    } catch (error) {
      report("socket.failed", { error });
    }
  }

  return {
    tell(added) {
      const credentials = askedCredentials(sockets);
      if (telling === null && credentials.length === 0) return deliver(added);
      const mine = (telling ?? Promise.resolve())
        .then(() => ask(credentials, added))
        .then(() => deliver(added))
        .finally(() => {
          if (telling === mine) telling = null;
        });
      telling = mine;
      waitUntil(mine);
    },
    async settled() {
      for (let current = telling; current !== null; current = telling) await current;
    },
  };
}
