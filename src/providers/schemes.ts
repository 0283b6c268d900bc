/** The schemes that every provider's sources may use, one line each, and how a scheme is found by its `type`. */
import type { Provider } from "./provider.ts";
import { basicScheme } from "./scheme-basic.ts";
import { headerScheme } from "./scheme-header.ts";
import { hmacScheme } from "./scheme-hmac.ts";
import { urlTokenScheme } from "./scheme-url-token.ts";
import type { AuthScheme } from "./scheme.ts";

export const generalSchemes: ReadonlyMap<string, AuthScheme> = new Map([
  ["header", headerScheme],
  ["basic", basicScheme],
  ["hmac", hmacScheme],
  ["urlToken", urlTokenScheme],
]);

/** Null: nobody knows this type, so nothing it is asked to protect may pass. */
export function findScheme(provider: Pick<Provider, "schemes">, type: string): AuthScheme | null {
  const own = provider.schemes ?? {};
  return (Object.hasOwn(own, type) ? own[type] : generalSchemes.get(type)) ?? null;
}
