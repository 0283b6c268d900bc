/** Something read from the API for a page: what is there stays on the screen while it is read again. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../api/problem.ts";
import type { Answer } from "../api/request.ts";

export interface Resource<Value> {
  /** Null until the first answer. */
  readonly value: Value | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  readonly reload: () => void;
  /** Shows a value that is known already, such as the answer to a change. */
  readonly set: (value: Value) => void;
}

interface State<Value> {
  readonly name: string;
  readonly value: Value | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
}

/** `name` says what is read: when it changes, what was there goes and the new is read. */
export function useResource<Value>(
  name: string,
  read: (signal: AbortSignal) => Promise<Answer<Value>>,
): Resource<Value> {
  const fresh: State<Value> = { name, value: null, problem: null, loading: true };
  const [state, setState] = useState(fresh);
  const [round, setRound] = useState(0);
  const latestRead = useRef(read);
  latestRead.current = read;
  useEffect(() => {
    const controller = new AbortController();
    setState((before) => (before.name === name ? { ...before, loading: true } : fresh));
    latestRead.current(controller.signal).then(
      (answer) => {
        if (controller.signal.aborted) return;
        setState((before) =>
          answer.ok
            ? { name, value: answer.value, problem: null, loading: false }
            : { ...before, problem: answer.problem, loading: false },
        );
      },
      // Aborted: another round has taken over.
      () => {},
    );
    return () => controller.abort();
  }, [name, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  const set = useCallback((value: Value) => setState({ name, value, problem: null, loading: false }), [name]);
  const current = state.name === name ? state : fresh;
  return { value: current.value, problem: current.problem, loading: current.loading, reload, set };
}
