import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import {
  deliver,
  type Network,
  type OutgoingRequest,
} from "../../../../src/subscriptions/attempts/deliver.ts";

const network: Network = {
  fetch: (url, init) => fetch(url, init),
  nowMs: () => Date.now(),
  startTimeout: (timeoutMs) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    return { signal: controller.signal, stop: () => clearTimeout(timer) };
  },
};

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function endpoint(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address = started.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
}

function send(url: string, parts: Partial<OutgoingRequest> = {}, using = network) {
  return deliver(
    { url, method: "POST", headers: [["X-Test", "1"]], body: "{}", timeoutMs: 20_000, ...parts },
    using,
  );
}

/** What comes of an attempt whose endpoint answers with this status. */
async function answering(status: number) {
  const url = await endpoint((_request, response) => response.writeHead(status).end());
  const result = await send(url);
  server?.close();
  return result;
}

describe("one attempt", () => {
  it("tells of a success", async () => {
    const url = await endpoint((_request, response) => response.writeHead(201).end("thanks"));
    expect(await send(url)).toMatchObject({
      outcome: "delivered",
      statusCode: 201,
      error: null,
      responseBody: "thanks",
    });
  });

  it("is a success also if the answer's body breaks off, or never ends", async () => {
    const broken = await endpoint((_request, response) => {
      response.writeHead(200, { "Content-Length": "1000" }).write("half");
      setImmediate(() => response.destroy());
    });
    expect(await send(broken)).toMatchObject({ outcome: "delivered", statusCode: 200 });
    server?.close();
    const dripping = await endpoint((_request, response) => {
      const drip = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(drip));
    });
    const controller = new AbortController();
    const endedLater: Network = {
      ...network,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        setTimeout(() => controller.abort(), 50);
        return response;
      },
      startTimeout: () => ({ signal: controller.signal, stop: () => {} }),
    };
    expect(await send(dripping, {}, endedLater)).toMatchObject({ outcome: "delivered", statusCode: 200 });
  });

  it("reads 4 KiB of an answer of 100 MB, and hangs up", async () => {
    let sentBytes = 0;
    const url = await endpoint((_request, response) => {
      const chunk = "x".repeat(64 * 1024);
      const more = () => {
        while (sentBytes < 100 * 1024 * 1024 && response.write(chunk)) sentBytes += chunk.length;
      };
      response.writeHead(500);
      response.on("drain", more);
      more();
    });
    const result = await send(url);
    expect(result).toMatchObject({ outcome: "failed", statusCode: 500 });
    expect(result.responseBody).toBe("x".repeat(4_096));
    expect(sentBytes).toBeLessThan(20 * 1024 * 1024);
  });

  it("does not follow a redirect", async () => {
    const asked: unknown[] = [];
    const url = await endpoint((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { Location: "/elsewhere" }).end();
    });
    expect(await send(url)).toMatchObject({ outcome: "failed", statusCode: 307 });
    expect(asked).toEqual(["/"]);
  });

  it("fails without an answer: hanging, slow headers, nobody there, a name that is none", async () => {
    const hanging = await endpoint(() => undefined);
    expect(await send(hanging, { timeoutMs: 100 })).toMatchObject({
      outcome: "failed",
      statusCode: null,
      timedOut: true,
      error: "no answer within 0.1 s",
    });
    const nobody = await send("http://127.0.0.1:1/");
    expect(nobody).toMatchObject({ outcome: "failed", statusCode: null, timedOut: false });
    expect(nobody.error).toMatch(/^connection failed/);
    expect(await send("https://127.0.0.1:1/")).toMatchObject({ outcome: "failed" });
    expect(await send("http://no.such.name.invalid/", { timeoutMs: 2_000 })).toMatchObject({
      outcome: "failed",
      statusCode: null,
    });
  });

  it("understands 410 and Retry-After", async () => {
    const gone = await endpoint((_request, response) => response.writeHead(410).end());
    expect(await send(gone)).toMatchObject({ outcome: "gone", statusCode: 410 });
    server?.close();
    const busy = await endpoint((_request, response) =>
      response.writeHead(503, { "Retry-After": "7" }).end(),
    );
    expect(await send(busy)).toMatchObject({ outcome: "failed", retryAfterMs: 7_000 });
  });

  it("says what Cloudflare means by an answer in the endpoint's place, and counts its timeouts as timeouts", async () => {
    expect(await answering(526)).toMatchObject({
      outcome: "failed",
      statusCode: 526,
      timedOut: false,
      error: "answered 526, which is Cloudflare's word for: the TLS certificate is not valid",
    });
    expect(await answering(522)).toMatchObject({ outcome: "failed", timedOut: true });
    expect(await answering(503)).toMatchObject({ error: "answered 503", timedOut: false });
  });
});
