/** What may be asked of subscriptions: the bodies of their routes, unknown members refused. */
import * as z from "zod";
import { type Filter, filterSchema } from "../model/filter.ts";
import { limits } from "../model/limits.ts";
import { replayScopes, subscriptionFormats } from "../model/subscription.ts";
import { isRefusedHeader } from "./headers.ts";

const headersSchema = z
  .record(z.string(), z.string().max(limits.subscriptionHeaderCharactersMax))
  .superRefine((headers, context) => {
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
  });

const members = {
  url: z.string().min(1).max(limits.subscriptionUrlCharactersMax),
  name: z.string().min(1).max(200).nullable(),
  /** `disabled` is ours to say. */
  status: z.enum(["active", "inactive"]),
  format: z.enum(subscriptionFormats),
  filter: filterSchema,
  headers: headersSchema,
  timeoutSeconds: z.number().min(1).max(limits.subscriptionTimeoutSecondsMax),
  ratePerSecond: z.number().min(0.01).max(limits.subscriptionRatePerSecondMax).nullable(),
  parallelism: z.int().min(1).max(limits.subscriptionParallelismMax),
};

export const createSchema = z.strictObject({
  url: members.url,
  name: members.name.default(null),
  status: members.status.default("active"),
  format: members.format.default("tickline"),
  filter: members.filter.default({}),
  headers: members.headers.default({}),
  timeoutSeconds: members.timeoutSeconds.default(15),
  ratePerSecond: members.ratePerSecond.default(null),
  parallelism: members.parallelism.default(1),
});

export const changeSchema = z.strictObject(members).partial();

export const rotateSchema = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(limits.rotationOverlapSecondsMax)
    .default(limits.rotationOverlapSecondsDefault),
});

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const replaySchema = z
  .strictObject({ since: instant, until: instant.optional(), only: z.enum(replayScopes) })
  .refine(({ since, until }) => until === undefined || since < until, {
    path: ["until"],
    message: "must be later than since",
  });

export type CreateRequest = z.output<typeof createSchema>;
export type ChangeRequest = z.output<typeof changeSchema>;
export type ReplayRequest = z.output<typeof replaySchema>;

/** Said nothing about effects: all but what changed nothing. An empty list asks for that, too. */
export function withDefaultEffects(filter: Filter): Filter {
  return { effects: ["advanced", "contradicted", "noted"], ...filter };
}
