/**
 * How large an import body may be, and whether somebody forgot to fill it in. Looked at before anything else, so
 * that whatever reads the body later can follow it to its end.
 */
import type { Issue } from "../../model/failure.ts";
import { isJsonObject, type Json } from "../../model/json.ts";
import * as limits from "../../model/limits.ts";

const unfilledPattern = /\{\{[^{}]*\}\}/;

export function checkBounds(body: Json): readonly Issue[] {
  const issues: Issue[] = [];
  let nodes = 0;
  const visit = (value: Json, path: string, levels: number): void => {
    nodes += 1;
    if (nodes > limits.scenarioNodesMax) return;
    if (levels > limits.scenarioDepthMax) {
      issues.push({ path, message: `is nested deeper than ${limits.scenarioDepthMax} levels` });
    } else if (typeof value === "string") {
      issues.push(...unfilledIn(value, path));
    } else if (Array.isArray(value)) {
      for (const [index, member] of value.entries()) visit(member, `${path}[${index}]`, levels + 1);
    } else if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value)) {
        const at = path === "" ? name : `${path}.${name}`;
        issues.push(...unfilledIn(name, at));
        visit(member, at, levels + 1);
      }
    }
  };
  visit(body, "", 0);
  if (nodes > limits.scenarioNodesMax) {
    return [{ path: "", message: `has more than ${limits.scenarioNodesMax} values` }];
  }
  return issues;
}

function unfilledIn(text: string, path: string): readonly Issue[] {
  const [unfilled] = unfilledPattern.exec(text) ?? [];
  return unfilled === undefined ? [] : [{ path, message: "still has a {{…}} to fill in" }];
}
