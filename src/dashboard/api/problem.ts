/** What went wrong with a request, in words that say what to do. Every failure of the API comes here in one shape. */

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface Problem {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** Finds the request in the service's logs. */
  readonly requestId: string | null;
}

export const unreachable: Problem = {
  status: 0,
  title: "No answer",
  detail: "The service could not be reached. Check your connection and that it is running, then try again.",
  errors: [],
  requestId: null,
};

export const misshapen: Problem = {
  status: 0,
  title: "An answer that this page does not understand",
  detail: "The service is probably newer than this page. Reload the page.",
  errors: [],
  requestId: null,
};

/** Reads a problem document; whatever else a proxy in between may have answered still becomes a sentence. */
export function problemOf(status: number, body: unknown): Problem {
  const title = member(body, "title") ?? `The service answered ${status}`;
  const detail = member(body, "detail") ?? "Try again; if it stays so, look at the service’s logs.";
  return {
    status,
    title,
    detail: withAdvice(status, detail),
    errors: errorsOf(body),
    requestId: member(body, "instance"),
  };
}

function withAdvice(status: number, detail: string): string {
  switch (status) {
    case 401:
      return `${detail} Sign in with a key that holds.`;
    case 403:
      return `${detail} Ask whoever made your key for the missing scope.`;
    case 429:
      return `${detail} Wait a moment, then try again.`;
    case 503:
      return `${detail} Try again in a moment.`;
    default:
      return detail;
  }
}

function errorsOf(body: unknown): FieldError[] {
  const errors: unknown = isRecord(body) ? body["errors"] : null;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const path = member(error, "path");
    const message = member(error, "message");
    return path === null || message === null ? [] : [{ path, message }];
  });
}

function member(value: unknown, name: string): string | null {
  const found = isRecord(value) ? value[name] : null;
  return typeof found === "string" && found !== "" ? found : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
