/** A subscription's secrets in clear. They open only with the deployment's key, and only in their own places. */
import { type Keyring, unseal } from "../../secrets/seal.ts";
import type { OpenedSecrets } from "./outgoing.ts";
import { sealedPlaces, type Subscription } from "../subscription.ts";

/** Null: something of it was sealed under a key that the deployment no longer has. */
export async function openSecrets(
  keyring: Keyring,
  subscription: Subscription,
): Promise<OpenedSecrets | null> {
  const { id } = subscription;
  const place = sealedPlaces.signingSecret(id);
  const signingSecret = await unseal(keyring, place, subscription.signingSecret);
  if (signingSecret === null) return null;
  const previous = subscription.previousSecret;
  const previousSecret = previous === null ? null : await unseal(keyring, place, previous);
  const headers: Array<readonly [string, string]> = [];
  for (const [name, sealed] of Object.entries(subscription.headers)) {
    const value = await unseal(keyring, sealedPlaces.header(id, name), sealed);
    if (value === null) return null;
    headers.push([name, value]);
  }
  return { headers, signingSecret, previousSecret };
}
