/** Request bodies, counted while they are read, then parsed and validated. */
import type * as z from "zod/mini";
import { invalid, invalidAt } from "../model/failure.ts";
import { issuesOf } from "../model/issue.ts";
import { isDeeperThan } from "../model/json.ts";
import * as limits from "../model/limits.ts";
import { fail, type Result, succeed } from "../model/result.ts";

/**
 * Keeps nothing once the limit is passed, whatever Content-Length says. The rest is still read, up to a bound of its
 * own: a sender who is cut off in the middle of his request sees a broken connection instead of the answer.
 */
export async function readBytes(
  request: Request,
  limitBytes: number,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  if (announcesAtMost(request, limitBytes)) {
    const body = new Uint8Array(await request.arrayBuffer());
    return body.byteLength > limitBytes ? fail({ kind: "tooLarge", limitBytes }) : succeed(body);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("a request's body is bytes");
    bytes += chunk.byteLength;
    if (bytes > limits.discardedBodyBytesMax) break;
    if (bytes > limitBytes) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (bytes > limitBytes) return fail({ kind: "tooLarge", limitBytes });
  const body = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return succeed(body);
}

/** HTTP ends the body where Content-Length says, so an honest length saves counting: much faster on a hot path. */
function announcesAtMost(request: Request, limitBytes: number): boolean {
  const length = request.headers.get("Content-Length");
  return length !== null && /^\d{1,15}$/.test(length) && Number(length) <= limitBytes;
}

/** A management body: 400 for what is not JSON, 422 with the paths for what the schema refuses. */
export async function readJson<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
): Promise<Result<z.output<Schema>>> {
  const bytes = await readBytes(request, limits.managementBodyBytesMax);
  return bytes.ok ? parseJson(bytes.value, schema) : bytes;
}

/** The same, where no body at all means `{}`. */
export async function readOptionalJson<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
): Promise<Result<z.output<Schema>>> {
  const bytes = await readBytes(request, limits.managementBodyBytesMax);
  if (!bytes.ok) return bytes;
  return bytes.value.byteLength === 0 ? validate({}, schema) : parseJson(bytes.value, schema);
}

function parseJson<Schema extends z.ZodMiniType>(
  bytes: Uint8Array,
  schema: Schema,
): Result<z.output<Schema>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    return fail({ kind: "malformed", detail: "The body is not JSON." });
  }
  return isDeeperThan(value, limits.jsonDepthMax)
    ? fail(invalid("", "is nested too deeply"))
    : validate(value, schema);
}

export function validate<Schema extends z.ZodMiniType>(
  value: unknown,
  schema: Schema,
): Result<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return succeed(parsed.data);
  return fail(invalidAt(issuesOf(parsed.error)));
}
