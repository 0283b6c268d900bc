/** Subscriptions, their deliveries and replays, and Texter's scenarios. */
import { deliveryStates, subscriptionStatuses } from "../../model/subscriptionWords.ts";
import * as limits from "../../model/limits.ts";
import { type Operation, pageParameters, type Parameter, timeParameterSchema } from "../operation.ts";

const notActive = "while the subscription is not active";
const tooMany = `where there are ${limits.subscriptionsMax} subscriptions`;

const location = (what: string) => ({ Location: `The address of the ${what}.` });

export const deliveryQuery = {
  state: { description: "Only in this state.", schema: { type: "string", enum: [...deliveryStates] } },
  event: { description: "Only of this event." },
  since: { description: "Only of events received since then.", schema: timeParameterSchema },
} satisfies Record<string, Parameter>;

export const subscriptionOperations: readonly Operation[] = [
  {
    id: "createSubscription",
    method: "post",
    path: "/v1/subscriptions",
    area: "Subscriptions",
    summary: "Create a subscription",
    description:
      'Without `filter.effects` it gets `["advanced","contradicted","noted"]`; `[]` asks for all. The URL must be https and public.',
    access: "subscriptions:write",
    body: { name: "NewSubscription" },
    answers: {
      201: {
        description: "The subscription; `signingSecret` is shown this once.",
        body: "SubscriptionWithSecret",
        headers: location("subscription"),
      },
    },
    conflicts: [tooMany],
  },
  {
    id: "listSubscriptions",
    method: "get",
    path: "/v1/subscriptions",
    area: "Subscriptions",
    summary: "List subscriptions",
    access: "subscriptions:read",
    query: {
      status: {
        description: "Only with this status.",
        schema: { type: "string", enum: [...subscriptionStatuses] },
      },
      ...pageParameters,
    },
    answers: { 200: { description: "A page of subscriptions.", body: { page: "Subscription" } } },
  },
  {
    id: "readSubscription",
    method: "get",
    path: "/v1/subscriptions/{id}",
    area: "Subscriptions",
    summary: "Read one subscription",
    access: "subscriptions:read",
    answers: { 200: { description: "The subscription, header values masked.", body: "Subscription" } },
  },
  {
    id: "changeSubscription",
    method: "patch",
    path: "/v1/subscriptions/{id}",
    area: "Subscriptions",
    summary: "Change a subscription",
    description:
      "Only what is given changes. A header given as `…` keeps its value; when `url` moves to another scheme, host or port, `headers` must be given anew. Setting `active` takes back that we disabled it. Deliveries that wait are made with the new settings; of an inactive subscription they are canceled.",
    access: "subscriptions:write",
    body: { name: "SubscriptionChange" },
    answers: { 200: { description: "The subscription as it is now.", body: "Subscription" } },
    conflicts: ["when others change it at the same time"],
  },
  {
    id: "deleteSubscription",
    method: "delete",
    path: "/v1/subscriptions/{id}",
    area: "Subscriptions",
    summary: "Delete a subscription and its deliveries",
    access: "subscriptions:write",
    answers: { 204: { description: "Deleted." } },
  },
  {
    id: "rotateSubscription",
    method: "post",
    path: "/v1/subscriptions/{id}/rotate",
    area: "Subscriptions",
    summary: "Make a new signing secret",
    description: "During the overlap each delivery carries two signatures.",
    access: "subscriptions:write",
    body: { name: "SecretRotation", optional: true },
    answers: {
      200: { description: "The subscription, with its new secret.", body: "SubscriptionWithSecret" },
    },
    conflicts: ["when others change it at the same time"],
  },
  {
    id: "testSubscription",
    method: "post",
    path: "/v1/subscriptions/{id}/test",
    area: "Subscriptions",
    summary: "Send a test event",
    description: "A made-up event with `test: true`, sent with the header `Tickline-Test: true`.",
    access: "subscriptions:write",
    answers: {
      202: { description: "Its delivery, to be followed.", body: "Delivery", headers: location("delivery") },
    },
    conflicts: [notActive, "where a scenario's conditions do not hold for a test event"],
  },
  {
    id: "replaySubscription",
    method: "post",
    path: "/v1/subscriptions/{id}/replay",
    area: "Subscriptions",
    summary: "Send a stretch of time again",
    description:
      "`failed`: what did not get through; `missing`: what has no delivery, or one that was canceled; `all`: everything. Each gets a new deadline, the same `webhook-id`, and the header `Tickline-Replay`.",
    access: "subscriptions:write",
    body: { name: "ReplayRequest" },
    answers: { 202: { description: "A job, to be followed.", body: "Replay", headers: location("job") } },
    conflicts: [notActive, `while ${limits.replaysRunningMax} of its replays run`],
  },
  {
    id: "listReplays",
    method: "get",
    path: "/v1/subscriptions/{id}/replays",
    area: "Subscriptions",
    summary: "List replays",
    access: "subscriptions:read",
    query: pageParameters,
    answers: { 200: { description: "A page of replays, newest first.", body: { page: "Replay" } } },
  },
  {
    id: "readReplay",
    method: "get",
    path: "/v1/subscriptions/{id}/replays/{job}",
    area: "Subscriptions",
    summary: "Follow a replay",
    access: "subscriptions:read",
    answers: { 200: { description: "The job.", body: "Replay" } },
  },
  {
    id: "readSubscriptionStats",
    method: "get",
    path: "/v1/subscriptions/{id}/stats",
    area: "Subscriptions",
    summary: "Read how a subscription is doing",
    access: "subscriptions:read",
    query: { since: { description: "A day ago if left out.", schema: timeParameterSchema } },
    answers: { 200: { description: "Counts, success rate and latency.", body: "SubscriptionStats" } },
  },
  {
    id: "listDeliveries",
    method: "get",
    path: "/v1/subscriptions/{id}/deliveries",
    area: "Subscriptions",
    summary: "List deliveries",
    access: "subscriptions:read",
    query: { ...deliveryQuery, ...pageParameters },
    answers: {
      200: { description: "A page of deliveries, newest event first.", body: { page: "Delivery" } },
    },
  },
  {
    id: "readDelivery",
    method: "get",
    path: "/v1/subscriptions/{id}/deliveries/{event}",
    area: "Subscriptions",
    summary: "Read one delivery with its attempts",
    access: "subscriptions:read",
    answers: { 200: { description: "The delivery.", body: "Delivery" } },
  },
  {
    id: "retryDelivery",
    method: "post",
    path: "/v1/subscriptions/{id}/deliveries/{event}/retry",
    area: "Subscriptions",
    summary: "Try a delivery again now",
    access: "subscriptions:write",
    answers: { 202: { description: "The delivery, about to be tried.", body: "Delivery" } },
    conflicts: [notActive],
  },
];

export const scenarioOperations: readonly Operation[] = [
  {
    id: "importScenario",
    method: "post",
    path: "/server/api/v2/scenarios/manage/import",
    area: "Scenarios",
    summary: "Import a scenario in Texter's words",
    description:
      "`authorUid` needs the scope `subscriptions:impersonate`. Whatever we would not do as it says is 422 at its path.",
    access: "subscriptions:write",
    body: { name: "ScenarioImport" },
    answers: {
      201: {
        description: "The scenario; `signingSecret` is shown this once.",
        body: "ScenarioWithSecret",
        headers: location("scenario"),
      },
    },
    conflicts: [tooMany],
  },
  {
    id: "listScenarios",
    method: "get",
    path: "/server/api/v2/scenarios",
    area: "Scenarios",
    summary: "List scenarios",
    access: "subscriptions:read",
    query: pageParameters,
    answers: { 200: { description: "A page of scenarios.", body: { page: "Scenario" } } },
  },
  {
    id: "readScenario",
    method: "get",
    path: "/server/api/v2/scenarios/{id}",
    area: "Scenarios",
    summary: "Read one scenario",
    access: "subscriptions:read",
    answers: { 200: { description: "The scenario, header values masked.", body: "Scenario" } },
  },
  {
    id: "deleteScenario",
    method: "delete",
    path: "/server/api/v2/scenarios/{id}",
    area: "Scenarios",
    summary: "Delete a scenario",
    access: "subscriptions:write",
    answers: { 204: { description: "Deleted; what was pending is canceled." } },
  },
  {
    id: "activateScenario",
    method: "post",
    path: "/server/api/v2/scenarios/{id}/activate",
    area: "Scenarios",
    summary: "Activate a scenario",
    access: "subscriptions:write",
    answers: { 200: { description: "The scenario as it is now.", body: "Scenario" } },
  },
  {
    id: "inactivateScenario",
    method: "post",
    path: "/server/api/v2/scenarios/{id}/inactivate",
    area: "Scenarios",
    summary: "Inactivate a scenario",
    access: "subscriptions:write",
    answers: { 200: { description: "The scenario as it is now.", body: "Scenario" } },
  },
];
