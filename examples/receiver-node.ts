/**
 * Receives webhooks with nothing but Node; the handler is also an Express handler, as long as no body parser runs before.
 *
 *   SIGNING_SECRET=whsec_… npx node examples/receiver-node.ts        listens on PORT (default 9000)
 *
 * Then: POST /v1/subscriptions { "url": "http://localhost:9000/hook" }
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { verifyWebhook } from "tickline/webhook";

const secret = process.env["SIGNING_SECRET"] ?? "";
/** Yours would be a table with a unique key: the same event can come twice. */
const handled = new Set<string>();

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const webhook = await verifyWebhook({ secret, headers: request.headers, body: await buffer(request) });
  if (!webhook.ok) {
    response.writeHead(401).end(webhook.reason);
    return;
  }
  if (!handled.has(webhook.id)) {
    console.log("event", webhook.id, JSON.stringify(webhook.body));
    handled.add(webhook.id);
  }
  // After the work: what is answered 2xx never comes again.
  response.writeHead(204).end();
}

const server = createServer((request, response) => {
  receive(request, response).catch((error: unknown) => {
    console.error(error);
    // It will be tried again.
    response.writeHead(500).end();
  });
});
server.listen(Number(process.env["PORT"] ?? 9_000), "127.0.0.1", () => {
  const address = server.address();
  console.log("listening on", typeof address === "object" ? address?.port : address);
});
