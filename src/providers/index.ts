/** The registry: one line each. */
import { callbell } from "./callbell/index.ts";
import { nifteem } from "./nifteem/index.ts";
import type { Provider } from "./provider.ts";
import { texter } from "./texter/index.ts";

export const providers: readonly Provider[] = [nifteem, callbell, texter];

export function findProvider(name: string): Provider | null {
  return providers.find((provider) => provider.name === name) ?? null;
}
