/** A list of the API, page by page: "Show more" adds the next one. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../api/problem.ts";
import type { Answer } from "../api/request.ts";
import type { Page } from "../api/shape.ts";

export interface Listing<Item> {
  readonly items: readonly Item[] | null;
  readonly problem: Problem | null;
  readonly more: (() => void) | null;
  readonly reload: () => void;
}

type ReadPage<Item> = (cursor: string | null, signal: AbortSignal) => Promise<Answer<Page<Item>>>;

interface State<Item> {
  readonly items: readonly Item[] | null;
  readonly nextCursor: string | null;
  readonly problem: Problem | null;
}

const nothing = { items: null, nextCursor: null, problem: null };

/** `name` says which list: when it changes, it is read anew. */
export function useListing<Item>(name: string, read: ReadPage<Item>): Listing<Item> {
  const [state, setState] = useState<State<Item>>(nothing);
  const [round, setRound] = useState(0);
  // Ends what was asked for a list that is not shown any more.
  const current = useRef(new AbortController());
  const ask = (cursor: string | null, signal: AbortSignal) => {
    read(cursor, signal).then(
      (answer) => {
        if (signal.aborted) return;
        setState(({ items, nextCursor }) => {
          if (!answer.ok) return { items, nextCursor, problem: answer.problem };
          const before = cursor === null ? [] : (items ?? []);
          return {
            items: [...before, ...answer.value.data],
            nextCursor: answer.value.nextCursor,
            problem: null,
          };
        });
      },
      () => {},
    );
  };
  useEffect(() => setState(nothing), [name]);
  useEffect(() => {
    current.current = new AbortController();
    ask(null, current.current.signal);
    return () => current.current.abort();
  }, [name, round]);
  const { items, nextCursor, problem } = state;
  return {
    items,
    problem,
    more: nextCursor === null ? null : () => ask(nextCursor, current.current.signal),
    reload: () => setRound((count) => count + 1),
  };
}

export function MoreButton({ more }: { readonly more: (() => void) | null }) {
  if (more === null) return null;
  return (
    <button type="button" class="button more" onClick={more}>
      Show more
    </button>
  );
}
