/** The fixtures of the providers' contract suite: what a provider sends, and how it must be read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type Json, jsonObjectSchema, jsonSchema } from "../../src/model/json.ts";
import type { Webhook } from "../../src/providers/provider.ts";

const caseSchema = z.strictObject({
  /** A sentence; unique within the provider. */
  name: z.string(),
  /** Where the example comes from, if it is somebody's own. */
  origin: z.string().optional(),
  request: z.strictObject({
    method: z.enum(["POST", "GET"]).default("POST"),
    query: z.string().default(""),
    headers: z.record(z.string(), z.string()).default({}),
    /** One of the three, or none for an empty body. */
    json: z.optional(jsonSchema),
    form: z.record(z.string(), z.string()).optional(),
    text: z.string().optional(),
  }),
  reading: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("updates"),
      /** Each may leave members out. */
      updates: z.array(jsonObjectSchema),
      /** The paths of what is wrong with each bad item. */
      bad: z.array(z.array(z.string())).default([]),
    }),
    z.strictObject({ kind: z.literal("ignored"), event: z.string() }),
    z.strictObject({ kind: z.literal("invalid"), paths: z.array(z.string()) }),
  ]),
  /** The name of another case that tells the same events, so that the ids must be the same. */
  repeats: z.string().optional(),
});

export type ProviderCase = z.output<typeof caseSchema>;

/** All cases of `test/fixtures/<provider>/*.json`; each file is a list of cases. */
export function casesOf(provider: string): ProviderCase[] {
  const folder = join(import.meta.dirname, "../fixtures", provider);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => readCases(JSON.parse(readFileSync(join(folder, file), "utf8"))));
}

/** The cases of one file, for those who have it already. */
export function readCases(file: unknown): ProviderCase[] {
  return z.array(caseSchema).parse(file);
}

export function webhookOf({ request }: Pick<ProviderCase, "request">): Webhook {
  return {
    method: request.method,
    url: `https://tickline.example/in/a-source${request.query === "" ? "" : `?${request.query}`}`,
    headers: new Map(Object.entries(request.headers)),
    body: new TextEncoder().encode(bodyText(request)),
  };
}

export function webhookWith(body: Json | Uint8Array): Webhook {
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
  return { method: "POST", url: "https://tickline.example/in/a-source", headers: new Map(), body: bytes };
}

function bodyText(request: ProviderCase["request"]): string {
  if (request.json !== undefined) return JSON.stringify(request.json);
  if (request.form !== undefined) return new URLSearchParams(request.form).toString();
  return request.text ?? "";
}
