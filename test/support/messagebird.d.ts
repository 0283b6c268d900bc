/** The part of MessageBird's library that its own types leave out. */
declare module "messagebird/lib/webhook-signature-jwt" {
  import type { KeyObject } from "node:crypto";

  export interface VerifyOptions {
    readonly validateUrl: boolean;
    readonly validatePayload: boolean;
    readonly jwtVerifyOptions: {
      readonly issuer: string;
      readonly algorithms: string[];
      readonly clockTolerance: number;
      readonly currentDate: Date;
    };
    readonly jwtVerifyJti: (jti: string) => boolean;
  }

  /** Rejects what does not hold. */
  export function verify(
    url: string,
    payload: Uint8Array | null,
    jwt: string,
    key: KeyObject,
    options: VerifyOptions,
  ): Promise<void>;
}
