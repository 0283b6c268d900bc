/** What a key may do. */
import type { Identity } from "../state/session.ts";
import { type Answer, request } from "./request.ts";
import { shaped } from "./shape.ts";

export function whoAmI(key: string): Promise<Answer<Identity>> {
  return request("GET", "/v1/me", {
    shape: shaped<Identity>("keyId", "scopes", "sources", "expiresAt"),
    key,
  });
}
