/**
 * A scenario as it is kept, and as its readers see it. It is a subscription with a template; the headers that are
 * no templates are kept where a subscription's headers are, sealed, and their values are never shown again.
 */
import { isJsonObject, type JsonObject } from "../../model/json.ts";
import { hiddenValue, type Subscription } from "../subscription.ts";
import { hasPlaceholder } from "./template.ts";

export interface ScenarioView {
  readonly _id: string;
  readonly name: string;
  readonly status: "active" | "inactive" | "draft";
  /** Why we switched it off; then `status` is `inactive`. */
  readonly disabledReason: string | null;
  readonly data: JsonObject;
  readonly authorUid: string | null;
  readonly created: string;
  readonly modified: string;
}

/** Null: a subscription that was not imported. */
export function showScenario(subscription: Subscription): ScenarioView | null {
  const { id, name, scenario, disabledReason, createdAt, updatedAt } = subscription;
  if (scenario === null) return null;
  return {
    _id: id,
    name: name ?? "",
    status: statusOf(subscription, scenario.draft),
    disabledReason,
    data: showData(scenario.data, Object.keys(subscription.headers)),
    authorUid: scenario.authorUid,
    created: createdAt,
    modified: updatedAt,
  };
}

export interface SplitData {
  /** The import's `data` without the headers that follow. */
  readonly data: JsonObject;
  /** In clear; to be sealed. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Of a `data` that `parseScenario` has accepted. */
export function splitHeaders(data: JsonObject): SplitData {
  const literal: [string, string][] = [];
  const rest = editParams(data, (params) => {
    const templates: [string, string][] = [];
    for (const [name, value] of Object.entries(isJsonObject(params["headers"]) ? params["headers"] : {})) {
      if (typeof value === "string") (hasPlaceholder(value) ? templates : literal).push([name, value]);
    }
    const others = Object.entries(params).filter(([name]) => name !== "headers");
    if (templates.length > 0) others.push(["headers", Object.fromEntries(templates)]);
    return Object.fromEntries(others);
  });
  return { data: rest, headers: Object.fromEntries(literal) };
}

function showData(data: JsonObject, sealedNames: readonly string[]): JsonObject {
  return editParams(data, (params) => {
    const templates = Object.keys(isJsonObject(params["headers"]) ? params["headers"] : {});
    const names = [...sealedNames, ...templates];
    if (names.length === 0) return params;
    return { ...params, headers: Object.fromEntries(names.map((name) => [name, hiddenValue])) };
  });
}

function editParams(data: JsonObject, edit: (params: JsonObject) => JsonObject): JsonObject {
  const { actions } = data;
  const [action] = Array.isArray(actions) ? actions : [];
  if (!isJsonObject(action) || !isJsonObject(action["params"])) return data;
  return { ...data, actions: [{ ...action, params: edit(action["params"]) }] };
}

function statusOf({ status }: Subscription, draft: boolean): ScenarioView["status"] {
  if (status === "active") return "active";
  return draft ? "draft" : "inactive";
}
