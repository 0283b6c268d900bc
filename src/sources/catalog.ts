/** The providers, as the person who connects an account needs to see them: what each one can prove, and how to set it up. */
import * as z from "zod";
import type { Provider } from "../providers/provider.ts";
import { generalSchemes } from "../providers/schemes.ts";
import type { AuthScheme } from "../providers/scheme.ts";

export function describeProvider(provider: Provider) {
  // A provider's own scheme comes first: it is what its documents ask for.
  const own = new Map(Object.entries(provider.schemes ?? {}));
  const schemes = [...own, ...[...generalSchemes].filter(([type]) => !own.has(type))];
  return {
    name: provider.name,
    title: provider.title,
    setup: provider.setup,
    defaultAuth: provider.defaultAuth,
    auth: schemes.map(([type, scheme]) => describeScheme(type, scheme)),
  };
}

function describeScheme(type: string, scheme: AuthScheme) {
  return {
    type,
    /** JSON Schema of one entry of `auth`. */
    schema: z.toJSONSchema(scheme.entry, { io: "input", unrepresentable: "any" }),
    /** Members that are stored sealed and shown once. */
    secrets: scheme.secrets,
    /** Whether secrets that are left out are made up by us. */
    generated: scheme.generated,
  };
}
