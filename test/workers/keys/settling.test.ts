/** What becomes of a key's open sockets where the feed hears of a change late, or can't be told. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import worker from "../../../src/index.ts";
import { feedObjectName } from "../../../src/model/record.ts";
import { answerOf, anything, ask, newKey } from "../../support/api.ts";
import { goesOn, rotate, withKey } from "../../support/keySockets.ts";
import { withBindings } from "../../support/messages.ts";

const feed = env.FEED.getByName(feedObjectName);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("what is told again later is the state of then:", () => {
  test("a second rotation's sockets go on", async () => {
    const { id } = await newKey(["feed:read"]);
    const later = await held(async () => {
      await send("POST", `/v1/keys/${id}/rotate`, { overlapSeconds: 0 });
      return withKey(await rotate(id, 0));
    });
    await goesOn(later);
  });

  test("what a key opened after it was widened again goes on", async () => {
    const { id, key } = await newKey(["feed:read"], ["one-source", "two-source"]);
    const narrow = await withKey(key);
    const wide = await held(async () => {
      await send("PATCH", `/v1/keys/${id}`, { sources: ["one-source"] });
      expect(await narrow.closeCode()).toBe(4401);
      await send("PATCH", `/v1/keys/${id}`, { sources: ["one-source", "two-source"] });
      return withKey(key);
    });
    await goesOn(wide);
  });
});

describe("while the feed is out of reach", () => {
  test("a rotation shows the new secret all the same, and the old one's sockets end once it is back", async () => {
    const { id, key } = await newKey(["feed:read"]);
    const old = await withKey(key);
    const answer = await send(
      "POST",
      `/v1/keys/${id}/rotate`,
      { overlapSeconds: 0 },
      { bindings: feedFailing(2) },
    );
    const { key: newer } = await answerOf(answer, 200, anything);
    await withKey(String(newer));
    expect(await old.closeCode()).toBe(4401);
  });

  test("a rotation whose sockets could never be ended is reported", async () => {
    const reported = vi.spyOn(console, "error").mockReturnValue();
    const { id } = await newKey(["feed:read"]);
    await held(async () => {
      const bindings = feedFailing(Infinity);
      expect((await send("POST", `/v1/keys/${id}/rotate`, {}, { bindings })).status).toBe(200);
    });
    expect(String(reported.mock.calls)).toContain("request.failed");
  });

  test.each([
    ["PATCH", { sources: ["one-source"] }, 200],
    ["DELETE", undefined, 204],
  ])("%s fails, and does all of it when it is sent again", async (method, body, status) => {
    vi.spyOn(console, "error").mockReturnValue();
    const { id, key } = await newKey(["feed:read"], ["one-source", "two-source"]);
    const socket = await withKey(key);
    await held(async () => {
      const failed = await send(method, `/v1/keys/${id}`, body, { bindings: feedFailing(Infinity) });
      expect(failed.status).toBe(500);
      expect(socket.closed).toBeNull();
      expect((await send(method, `/v1/keys/${id}`, body)).status).toBe(status);
      expect(await socket.closeCode()).toBe(4401);
    });
  });

  test("a rotation shows the new secret also where the feed never answers", async () => {
    vi.spyOn(scheduler, "wait").mockResolvedValueOnce(undefined).mockResolvedValueOnce(undefined);
    const { id } = await newKey(["feed:read"]);
    const bindings = withBindings({ FEED: { getByName: () => ({ settle: () => new Promise(() => {}) }) } });
    expect((await send("POST", `/v1/keys/${id}/rotate`, {}, { bindings })).status).toBe(200);
  });

  test.each([
    ["DELETE", undefined, 204, 404],
    ["PATCH", { scopes: ["messages:read"] }, 200, 200],
  ])("a key whose %s of itself can't be repeated is answered, and its sockets end later", async (...row) => {
    const [method, body, status, statusAfter] = row;
    const { id, key } = await newKey(["feed:read", "messages:read", "keys:write"]);
    const socket = await withKey(key);
    const asked = { key, bindings: feedFailing(2) };
    expect((await send(method, `/v1/keys/${id}`, body, asked)).status).toBe(status);
    expect((await ask("GET", `/v1/keys/${id}`)).status).toBe(statusAfter);
    expect(await socket.closeCode()).toBe(4401);
  });
});

/** What goes on behind the answers of `send`. */
let behind: ExecutionContext[] = [];

async function send(
  method: string,
  path: string,
  body?: object,
  { key = env.ROOT_KEY, bindings = env }: { key?: string; bindings?: Env } = {},
): Promise<Response> {
  const context = createExecutionContext();
  behind.push(context);
  const headers = { Authorization: `Bearer ${key}` };
  const request = new Request(`http://localhost${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return worker.fetch(request, bindings, context);
}

/** Everything that waits for later waits until the work is done, and has happened when this is. */
async function held<Made>(work: () => Promise<Made>): Promise<Made> {
  behind = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const waits = vi.spyOn(scheduler, "wait").mockReturnValue(promise);
  const made = await work();
  resolve();
  for (const context of behind) await waitOnExecutionContext(context);
  waits.mockRestore();
  return made;
}

/** The feed fails so many calls, and is itself again. */
function feedFailing(times: number): Env {
  let left = times;
  const settle = async (keyId: string) => {
    if (left-- > 0) throw new Error("the feed is out of reach");
    await feed.settle(keyId);
  };
  return withBindings({ FEED: { getByName: () => ({ settle }) } });
}
