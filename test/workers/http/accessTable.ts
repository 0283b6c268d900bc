/**
 * Every endpoint that asks for a key: which scope it needs, and what somebody gets who is bound to another source.
 * A new endpoint is a new row.
 */
import * as z from "zod";
import type { Scope } from "../../../src/model/access.ts";
import { answerOf, anything, ask, newKey, newSource } from "../../support/api.ts";
import { anImport } from "../../support/scenarios.ts";

/** What the rows speak of. Each case gets its own, so that a row may change or delete it. */
export interface Scene {
  /** The source to which everything below belongs. */
  readonly source: string;
  readonly message: string;
  readonly group: string;
  readonly rejected: string;
  readonly recipient: string;
  /** A key that is bound to the source. */
  readonly keyId: string;
  /** Made with a key that is bound to the source. */
  readonly subscription: string;
  readonly scenario: string;
}

export interface Row {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** The scope it needs; null: any key will do. */
  readonly scope: Scope | null;
  /** The same path, with the scene in it. */
  readonly request: (scene: Scene) => { readonly path: string; readonly body?: unknown };
  /** The status for whoever may. */
  readonly allowed: number;
  /**
   * The status for a key with the scope that is bound to another source; "hidden": the same as `allowed`, without a
   * word of the scene's source.
   */
  readonly foreign: 403 | 404 | "hidden";
}

const scenarios = "/server/api/v2/scenarios";
const scenarioImport = `${scenarios}/manage/import`;
const aSubscription = { url: "https://receiver.example/hook", status: "inactive" };
const aScenario = anImport({ asStatus: "inactive", authorUid: undefined });

export const rows: readonly Row[] = [
  row("GET", "/v1/providers", "sources:read", () => ({}), 200, "hidden"),
  row("GET", "/v1/me", null, () => ({}), 200, "hidden"),

  row("GET", "/v1/sources", "sources:read", () => ({}), 200, "hidden"),
  row("POST", "/v1/sources", "sources:write", () => ({ body: { provider: "nifteem", name: "x" } }), 201, 403),
  row("GET", "/v1/sources/{id}", "sources:read", ({ source }) => ({ id: source }), 200, 404),
  row(
    "PATCH",
    "/v1/sources/{id}",
    "sources:write",
    ({ source }) => ({ id: source, body: { name: "y" } }),
    200,
    404,
  ),
  row("DELETE", "/v1/sources/{id}", "sources:write", ({ source }) => ({ id: source }), 204, 404),
  row("POST", "/v1/sources/{id}/rotate", "sources:write", ({ source }) => ({ id: source }), 200, 404),

  row("GET", "/v1/rejected", "sources:read", () => ({}), 200, "hidden"),
  row("GET", "/v1/rejected/{id}", "sources:read", ({ rejected }) => ({ id: rejected }), 200, 404),
  row("DELETE", "/v1/rejected/{id}", "sources:write", ({ rejected }) => ({ id: rejected }), 204, 404),
  // 422: it is as unreadable as before.
  row("POST", "/v1/rejected/{id}/replay", "sources:write", ({ rejected }) => ({ id: rejected }), 422, 404),

  row("GET", "/v1/keys", "keys:write", () => ({}), 200, "hidden"),
  row(
    "POST",
    "/v1/keys",
    "keys:write",
    ({ source }) => ({ body: { name: "x", scopes: ["keys:write"], sources: [source] } }),
    201,
    403,
  ),
  row("GET", "/v1/keys/{id}", "keys:write", ({ keyId }) => ({ id: keyId }), 200, 404),
  row("PATCH", "/v1/keys/{id}", "keys:write", ({ keyId }) => ({ id: keyId, body: { name: "y" } }), 200, 404),
  row("DELETE", "/v1/keys/{id}", "keys:write", ({ keyId }) => ({ id: keyId }), 204, 404),
  row("POST", "/v1/keys/{id}/rotate", "keys:write", ({ keyId }) => ({ id: keyId }), 200, 404),

  row("GET", "/v1/messages", "messages:read", () => ({}), 200, "hidden"),
  row(
    "GET",
    "/v1/messages/{source}/{message}",
    "messages:read",
    ({ source, message }) => ({ source, message }),
    200,
    404,
  ),
  row(
    "GET",
    "/v1/groups/{source}/{group}",
    "messages:read",
    ({ source, group }) => ({ source, group }),
    200,
    404,
  ),
  row("GET", "/v1/events", "messages:read", () => ({}), 200, "hidden"),
  row("GET", "/v1/overview", "messages:read", () => ({}), 200, "hidden"),

  row(
    "GET",
    "/v1/messages/{source}/{message}/deliveries",
    "subscriptions:read",
    ({ source, message }) => ({ source, message }),
    200,
    404,
  ),
  row(
    "DELETE",
    "/v1/messages/{source}/{message}",
    "messages:erase",
    ({ source, message }) => ({ source, message }),
    204,
    404,
  ),
  row("POST", "/v1/erasures", "messages:erase", ({ recipient }) => ({ body: { recipient } }), 200, "hidden"),

  row("GET", "/v1/subscriptions", "subscriptions:read", () => ({}), 200, "hidden"),
  row("POST", "/v1/subscriptions", "subscriptions:write", () => ({ body: aSubscription }), 201, "hidden"),
  row("GET", "/v1/subscriptions/{id}", "subscriptions:read", ofSubscription, 200, 404),
  row("PATCH", "/v1/subscriptions/{id}", "subscriptions:write", toRename, 200, 404),
  row("DELETE", "/v1/subscriptions/{id}", "subscriptions:write", ofSubscription, 204, 404),
  row("POST", "/v1/subscriptions/{id}/rotate", "subscriptions:write", ofSubscription, 200, 404),
  // 409: the subscription is inactive.
  row("POST", "/v1/subscriptions/{id}/test", "subscriptions:write", ofSubscription, 409, 404),
  row("POST", "/v1/subscriptions/{id}/replay", "subscriptions:write", toReplay, 409, 404),
  row("GET", "/v1/subscriptions/{id}/replays", "subscriptions:read", ofSubscription, 200, 404),
  row("GET", "/v1/subscriptions/{id}/stats", "subscriptions:read", ofSubscription, 200, 404),
  row("GET", "/v1/subscriptions/{id}/deliveries", "subscriptions:read", ofSubscription, 200, 404),
  // 404: nothing was delivered or replayed.
  row("GET", "/v1/subscriptions/{id}/replays/{job}", "subscriptions:read", ofDelivery, 404, 404),
  row("GET", "/v1/subscriptions/{id}/deliveries/{event}", "subscriptions:read", ofDelivery, 404, 404),
  row("POST", "/v1/subscriptions/{id}/deliveries/{event}/retry", "subscriptions:write", ofDelivery, 409, 404),
  row("GET", scenarios, "subscriptions:read", () => ({}), 200, "hidden"),
  row("POST", scenarioImport, "subscriptions:write", () => ({ body: aScenario }), 201, "hidden"),
  row("GET", `${scenarios}/{scenario}`, "subscriptions:read", ofScenario, 200, 404),
  row("DELETE", `${scenarios}/{scenario}`, "subscriptions:write", ofScenario, 204, 404),
  row("POST", `${scenarios}/{scenario}/activate`, "subscriptions:write", ofScenario, 200, 404),
  row("POST", `${scenarios}/{scenario}/inactivate`, "subscriptions:write", ofScenario, 200, 404),

  row("POST", "/v1/stream-tokens", "feed:read", () => ({ body: {} }), 201, "hidden"),
  // 426: whoever may is told that this is a WebSocket.
  row("GET", "/v1/stream", "feed:read", () => ({}), 426, "hidden"),
  row(
    "GET",
    "/v1/messages/{source}/{message}/stream",
    "feed:read",
    ({ source, message }) => ({ source, message }),
    426,
    "hidden",
  ),
];

function ofSubscription({ subscription }: Scene) {
  return { id: subscription };
}

function ofDelivery({ subscription }: Scene) {
  return { id: subscription, event: "evt_none", job: "none" };
}

function toRename({ subscription }: Scene) {
  return { id: subscription, body: { name: "renamed" } };
}

function toReplay({ subscription }: Scene) {
  return { id: subscription, body: { since: new Date().toISOString(), only: "all" } };
}

function ofScenario({ scenario }: Scene) {
  return { scenario };
}

const rejectedList = z.looseObject({ data: z.tuple([z.looseObject({ id: z.string() })]) });

export async function setScene(): Promise<Scene> {
  const { id: source } = await newSource();
  const recipient = `+${crypto.randomUUID()}`;
  const [message, group] = [`M-${crypto.randomUUID()}`, `G-${crypto.randomUUID()}`];
  const body = {
    event: "DISPATCH_STATUS",
    dispatchId: group,
    messageId: message,
    messagePart: 1,
    messageTotalParts: 1,
    channel: "SMS",
    channelIdentifier: recipient,
    status: "DELIVERED",
    statusOrder: 1,
    statusDate: new Date().toISOString(),
  };
  const headers = { "X-API-Key": "secret" };
  await answerOf(await ask("POST", `/in/${source}`, { key: null, headers, body }), 200, anything);
  await answerOf(await ask("POST", `/in/${source}`, { key: null, headers, body: "{}" }), 422, anything);
  const { data } = await answerOf(await ask("GET", `/v1/rejected?source=${source}`), 200, rejectedList);
  const { id: keyId } = await newKey(["keys:write"], [source]);
  const { key } = await newKey(["subscriptions:write"], [source]);
  const made = await ask("POST", "/v1/subscriptions", { key, body: aSubscription });
  const { id: subscription } = await answerOf(made, 201, z.looseObject({ id: z.string() }));
  const imported = await ask("POST", scenarioImport, { key, body: aScenario });
  const { _id: scenario } = await answerOf(imported, 201, z.looseObject({ _id: z.string() }));
  return { source, message, group, recipient, rejected: data[0].id, keyId, subscription, scenario };
}

/** `request` names what stands in the path's braces, and `body`. */
function row(
  method: Row["method"],
  path: string,
  scope: Row["scope"],
  request: (scene: Scene) => Readonly<Record<string, unknown>>,
  allowed: number,
  foreign: Row["foreign"],
): Row {
  return {
    method,
    path,
    scope,
    allowed,
    foreign,
    request: (scene) => {
      const { body, ...names } = request(scene);
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(String(names[name])),
      );
      return body === undefined ? { path: filled } : { path: filled, body };
    },
  };
}
