/** Calls of objects that are worth a second try: the runtime marks what one may mend. */

/**
 * Once more where that is all it takes. The call must get itself a new stub, since one that has thrown may be broken
 * for good. An overloaded object is only made worse by a second try.
 */
export async function tryAgain<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (!mayTryAgain(error)) throw error;
    return call();
  }
}

function mayTryAgain(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const isOverloaded = "overloaded" in error && error.overloaded === true;
  return "retryable" in error && error.retryable === true && !isOverloaded;
}
