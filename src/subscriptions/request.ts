/** What may be asked of subscriptions: the bodies of their routes, unknown members refused. */
import * as z from "zod/mini";
import { type Filter, filterSchema } from "../model/filter.ts";
import * as limits from "../model/limits.ts";
import { replayScopes, subscriptionFormats } from "../model/subscriptionWords.ts";
import { instantSchema, textUpTo } from "../model/text.ts";
import { isRefusedHeader } from "./headers.ts";

const headersSchema = z
  .record(z.string(), z.string().check(z.maxLength(limits.subscriptionHeaderCharactersMax)))
  .check(
    z.superRefine((headers, context) => {
      const fault = (name: string, message: string) =>
        context.addIssue({ code: "custom", path: [name], message, input: headers });
      const seen = new Set<string>();
      for (const [name, value] of Object.entries(headers)) {
        if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)) fault(name, "is not the name of a header");
        else if (isRefusedHeader(name)) fault(name, "is set by the service");
        else if (seen.has(name.toLowerCase())) fault(name, "is given twice");
        // Visible ASCII, space and tab; or the mark that keeps the value.
        if (!/^(?:…|[\t\x20-\x7e]*)$/.test(value)) fault(name, "has a character that a header cannot carry");
        seen.add(name.toLowerCase());
      }
      if (seen.size > limits.subscriptionHeadersMax) {
        context.addIssue({
          code: "custom",
          message: `has more than ${limits.subscriptionHeadersMax} headers`,
          input: headers,
        });
      }
    }),
  );

const members = {
  url: textUpTo(limits.subscriptionUrlCharactersMax),
  name: z.nullable(textUpTo(200)),
  /** `disabled` is ours to say. */
  status: z.enum(["active", "inactive"]),
  format: z.enum(subscriptionFormats),
  filter: filterSchema,
  headers: headersSchema,
  timeoutSeconds: z.number().check(z.minimum(1), z.maximum(limits.subscriptionTimeoutSecondsMax)),
  ratePerSecond: z.nullable(
    z.number().check(z.minimum(0.01), z.maximum(limits.subscriptionRatePerSecondMax)),
  ),
  parallelism: z.int().check(z.minimum(1), z.maximum(limits.subscriptionParallelismMax)),
};

export const createSchema = z.strictObject({
  url: members.url,
  name: z._default(members.name, null),
  status: z._default(members.status, "active"),
  format: z._default(members.format, "tickline"),
  filter: z._default(members.filter, {}),
  headers: z._default(members.headers, {}),
  timeoutSeconds: z._default(members.timeoutSeconds, 15),
  ratePerSecond: z._default(members.ratePerSecond, null),
  parallelism: z._default(members.parallelism, 1),
});

export const changeSchema = z.strictObject({
  url: z.optional(members.url),
  name: z.optional(members.name),
  status: z.optional(members.status),
  format: z.optional(members.format),
  filter: z.optional(members.filter),
  headers: z.optional(members.headers),
  timeoutSeconds: z.optional(members.timeoutSeconds),
  ratePerSecond: z.optional(members.ratePerSecond),
  parallelism: z.optional(members.parallelism),
});

export const rotateSchema = z.strictObject({
  overlapSeconds: z._default(
    z.int().check(z.minimum(0), z.maximum(limits.rotationOverlapSecondsMax)),
    limits.rotationOverlapSecondsDefault,
  ),
});

export const replaySchema = z
  .strictObject({ since: instantSchema, until: z.optional(instantSchema), only: z.enum(replayScopes) })
  .check(
    z.refine(({ since, until }) => until === undefined || since < until, {
      path: ["until"],
      message: "must be later than since",
    }),
  );

export type CreateRequest = z.output<typeof createSchema>;
export type ChangeRequest = z.output<typeof changeSchema>;
export type ReplayRequest = z.output<typeof replaySchema>;

/** Said nothing about effects: all but what changed nothing. An empty list asks for that, too. */
export function withDefaultEffects(filter: Filter): Filter {
  return { effects: ["advanced", "contradicted", "noted"], ...filter };
}
