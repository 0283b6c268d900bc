/** The registry: one line each. */
import type { Provider } from "./provider.ts";

export const providers: readonly Provider[] = [];

export function findProvider(name: string): Provider | null {
  return providers.find((provider) => provider.name === name) ?? null;
}
