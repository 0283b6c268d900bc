/** What every route finds in its Hono context. */
import type { Principal } from "../model/access.ts";

export interface AppEnvironment {
  Bindings: Env;
  Variables: {
    /** Also in the `Request-Id` header, and `instance` of a problem. */
    requestId: string;
    /** Set by `authenticate`; every `/v1` route has it. */
    principal: Principal;
  };
}
