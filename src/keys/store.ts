import type { Principal } from "../model/access.ts";

export async function findPrincipal(_env: Env, _key: string): Promise<Principal | null> {
  return null;
}
