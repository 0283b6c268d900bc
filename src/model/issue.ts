/** Zod's issues in the words of our problem documents. */
import type * as z from "zod";
import type { Issue } from "./failure.ts";

export function issuesOf(error: z.core.$ZodError, root = ""): Issue[] {
  return error.issues.map((issue) => ({ path: pathText(issue.path, root), message: issue.message }));
}

/** `["data", "actions", 0, "url"]` → `data.actions[0].url`. */
export function pathText(path: readonly PropertyKey[], root = ""): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, root);
}
