/** The table of operations, the mounted routes and what they answer: none has anything that the others lack. */
import { Hono } from "hono/tiny";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { answerSchemas } from "../../../src/reference/answers.ts";
import { type Answer, isKeyed, type Operation, problemsOf } from "../../../src/reference/operation.ts";
import { operations } from "../../../src/reference/operations.ts";
import { problemNotes } from "../../../src/reference/problems.ts";
import { ask } from "../../support/api.ts";
import { type Receivers, receivers } from "../../support/receiver.ts";
import { freshEvent, removeAll, subscribe } from "../../support/subscriptions.ts";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { env } from "cloudflare:workers";
import { rows, type Scene, setScene } from "../http/accessTable.ts";

let world: Receivers;
beforeEach(() => {
  world = receivers();
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

test("the table has every route that is mounted, and no other", async () => {
  const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(described.toSorted()).toEqual((await mountedRoutes()).toSorted());
});

test("the table names the scope that each route asks for", () => {
  const said = operations
    .filter(isKeyed)
    .map(({ method, path, access }) => `${nameless(method, path)} ${access === "anyKey" ? null : access}`);
  expect(said.toSorted()).toEqual(
    rows.map(({ method, path, scope }) => `${nameless(method, path)} ${scope}`).toSorted(),
  );
});

describe.each(rows)("$method $path", ({ method, path, request }) => {
  test("answers as the table says", async () => {
    const scene: Scene = await setScene();
    const { path: filled, body } = request(scene);
    await expectDescribed(operationOf(method, path), await ask(method, filled, { body }));
  });
});

describe("of a subscription that is active", () => {
  test("deliveries, tests and replays answer as the table says", async () => {
    world.answer("down.example.com", () => new Response("try later", { status: 503 }));
    const { id } = await subscribe({ url: "https://down.example.com/hook" });
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => world.at("down.example.com").length).toBe(1);
    const base = "/v1/subscriptions/{id}";
    const made: [string, string, string, unknown?][] = [
      ["GET", `${base}/deliveries`, `/v1/subscriptions/${id}/deliveries`],
      ["GET", `${base}/deliveries/{event}`, `/v1/subscriptions/${id}/deliveries/${event.id}`],
      ["POST", `${base}/deliveries/{event}/retry`, `/v1/subscriptions/${id}/deliveries/${event.id}/retry`],
      ["POST", `${base}/test`, `/v1/subscriptions/${id}/test`],
      ["GET", `${base}/stats`, `/v1/subscriptions/${id}/stats`],
      ["POST", `${base}/replay`, `/v1/subscriptions/${id}/replay`, { since: event.receivedAt, only: "all" }],
      ["GET", `${base}/replays`, `/v1/subscriptions/${id}/replays`],
    ];
    for (const [method, path, filled, body] of made) {
      const response = await ask(method, filled, { body });
      expect(response.status).toBeLessThan(300);
      await expectDescribed(operationOf(method, path), response);
    }
  });
});

/** A status that the table names, with the body that it says. */
async function expectDescribed(operation: Operation, response: Response): Promise<void> {
  const answer = operation.answers[response.status];
  const text = await response.text();
  if (answer === undefined) {
    const statuses = problemsOf(operation).map((kind) => problemNotes[kind].status);
    expect(statuses).toContain(response.status);
    answerSchemas.Problem.parse(JSON.parse(text));
    return;
  }
  const schema = schemaOf(answer);
  if (schema === null) expect(text).toBe("");
  else z.parse(schema, JSON.parse(text));
  expect(Object.keys(answer.headers ?? {}).filter((name) => !response.headers.has(name))).toEqual([]);
}

function schemaOf({ body }: Answer): z.core.$ZodType | null {
  if (body === undefined) return null;
  if (typeof body === "string") return answerSchemas[body];
  if ("text" in body) return z.string();
  return z.strictObject({ data: z.array(answerSchemas[body.page]), nextCursor: z.string().nullable() });
}

function operationOf(method: string, path: string): Operation {
  const found = operations.find((one) => nameless(one.method, one.path) === nameless(method, path));
  if (found === undefined) throw new Error(`the table lacks ${method} ${path}`);
  return found;
}

/** What a fresh composition root mounts: its own Hono is the one whose `route` was called with /in. */
async function mountedRoutes(): Promise<string[]> {
  const route = vi.spyOn(Hono.prototype, "route");
  // With a query it is another module, so it mounts its routes once more.
  const again = "../../../src/index.ts?again";
  await import(/* @vite-ignore */ again);
  const root = route.mock.contexts.find((_, index) => route.mock.calls[index]?.[0] === "/in");
  if (!(root instanceof Hono)) throw new Error("the composition root mounted nothing at /in");
  // The dashboard's pages are mounted too, and are no endpoints.
  const endpoints = root.routes.filter(
    ({ method, path }) => method !== "ALL" && /^\/(?:v1|in|server|health)(?:\/|$)/.test(path),
  );
  return [...new Set(endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`))];
}

/** Two tables may call the same step of a path by different names. */
function nameless(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, "{}")}`;
}
