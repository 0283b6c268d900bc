/** Stream tokens: what a browser shows at a socket instead of its key. */
import type { Filter } from "../../model/filter.ts";
import { type Answer, request } from "./request.ts";
import { shaped } from "./shape.ts";

export interface StreamToken {
  readonly token: string;
  readonly expiresAt: string;
}

export interface TokenRequest {
  readonly filter?: Filter;
  readonly messages?: readonly { readonly source: string; readonly messageId: string }[];
}

export function makeStreamToken(body: TokenRequest): Promise<Answer<StreamToken>> {
  return request("POST", "/v1/stream-tokens", { shape: shaped<StreamToken>("token", "expiresAt"), body });
}
