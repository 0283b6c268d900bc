/** Whatever a test asks of the service: an answer whose status the reference does not list fails that test. */
import { type Operation, problemsOf } from "../../src/reference/operation.ts";
import { operations } from "../../src/reference/operations.ts";
import { problemNotes } from "../../src/reference/problems.ts";

const listed = operations.map((operation) => ({
  method: operation.method.toUpperCase(),
  path: new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  isLiteral: !operation.path.includes("{"),
  statuses: statusesOf(operation),
}));

/** Hands the response on. A fault of the service itself (500) may happen anywhere, and is listed nowhere. */
export function asListed(method: string, url: string, response: Response): Response {
  const { pathname } = new URL(url);
  const found = listed.filter((one) => one.method === method && one.path.test(pathname));
  const operation = found.find(({ isLiteral }) => isLiteral) ?? found[0];
  if (operation === undefined || response.status === 500) return response;
  if (operation.statuses.has(response.status)) return response;
  throw new Error(
    `${method} ${pathname} answered ${response.status}, which the reference does not list for it`,
  );
}

function statusesOf(operation: Operation): ReadonlySet<number> {
  return new Set([
    ...Object.keys(operation.answers).map(Number),
    ...problemsOf(operation).map((kind) => problemNotes[kind].status),
  ]);
}
