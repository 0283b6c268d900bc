/** Plain JSON, as it crosses objects, queues and sockets. */
import * as z from "zod/mini";

export type Json = string | number | boolean | null | JsonArray | JsonObject;
export interface JsonArray extends Array<Json> {}
export interface JsonObject {
  [key: string]: Json;
}

/**
 * For values that came out of `JSON.parse` and are passed on untouched. Not `z.json()`: that rebuilds the
 * value, which costs time on a hot path and drops a key called `__proto__`.
 */
export const jsonSchema = z.custom<Json>((value) => value !== undefined);
export const jsonObjectSchema = z.custom<JsonObject>(isJsonObject);

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deep values overflow the stacks of those who walk along them; this one goes no further down than asked. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.some((member) => isDeeperThan(member, levels - 1));
}

/** UTF-8 bytes of the value as JSON. */
export function jsonBytes(value: object | Json): number {
  return new TextEncoder().encode(JSON.stringify(value)).byteLength;
}
