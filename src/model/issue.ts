/** Zod's issues in the words of our problem documents. */
import type * as z from "zod";
import type { Issue } from "./failure.ts";

export function issuesOf(error: z.core.$ZodError, root = ""): Issue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      return [{ path: pathText(issue.path, root), message: issue.message }];
    }
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key], root),
      message: "is not known here",
    }));
  });
}

/** `["data", "actions", 0, "url"]` → `data.actions[0].url`. */
export function pathText(path: readonly PropertyKey[], root = ""): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, root);
}
