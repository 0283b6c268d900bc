/** Whether a scenario wants an event: one of the alternatives, in which every comparison holds; none at all holds. */
import { isJsonObject, type Json } from "../../model/json.ts";
import { assertNever } from "../../model/result.ts";
import { renderValue, type Values } from "./template.ts";

export const comparisons = [
  "Equal",
  "NotEqual",
  "GreaterThan",
  "GreaterThanOrEqual",
  "LessThan",
  "LessThanOrEqual",
  "Contains",
] as const;

export interface Comparison {
  readonly comparison: (typeof comparisons)[number];
  /** Templates, both. */
  readonly value: Json;
  readonly compareTo: Json;
}

export function holds(alternatives: readonly (readonly Comparison[])[], values: Values): boolean {
  if (alternatives.length === 0) return true;
  return alternatives.some((all) => all.every((one) => compare(one, values)));
}

function compare({ comparison, value, compareTo }: Comparison, values: Values): boolean {
  const left = renderValue(value, values);
  const right = renderValue(compareTo, values);
  switch (comparison) {
    case "Equal":
      return isSame(left, right);
    case "NotEqual":
      return !isSame(left, right);
    case "GreaterThan":
      return isOrdered(left, right, (order) => order > 0);
    case "GreaterThanOrEqual":
      return isOrdered(left, right, (order) => order >= 0);
    case "LessThan":
      return isOrdered(left, right, (order) => order < 0);
    case "LessThanOrEqual":
      return isOrdered(left, right, (order) => order <= 0);
    case "Contains":
      return contains(left, right);
    default:
      return assertNever(comparison);
  }
}

/** A number equals its own text: templates turn one into the other. */
function isSame(left: Json, right: Json): boolean {
  if (typeof left === "number" || typeof right === "number") {
    const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
    return leftNumber !== null && leftNumber === rightNumber;
  }
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((member, index) => isSame(member, right[index] ?? null))
    );
  }
  if (isJsonObject(left)) {
    if (!isJsonObject(right)) return false;
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && isSame(left[name] ?? null, right[name] ?? null))
    );
  }
  return left === right;
}

/** Two numbers by size, two texts by their letters; nothing else has an order. */
function isOrdered(left: Json, right: Json, test: (order: number) => boolean): boolean {
  const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
  if (leftNumber !== null && rightNumber !== null) return test(leftNumber - rightNumber);
  if (typeof left !== "string" || typeof right !== "string") return false;
  return test(left === right ? 0 : left < right ? -1 : 1);
}

/** A text that holds a text, or a list that has a member. */
function contains(whole: Json, part: Json): boolean {
  if (typeof whole === "string") {
    const text = typeof part === "number" ? String(part) : part;
    return typeof text === "string" && whole.includes(text);
  }
  return Array.isArray(whole) && whole.some((member) => isSame(member, part));
}

function numberOf(value: Json): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
