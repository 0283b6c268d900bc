/** A bare object that sends what it is posted to every socket: the least that a live stream costs. */
import { DurableObject } from "cloudflare:workers";

export class BroadcastObject extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    const text = await request.text();
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
    return new Response(null, { status: 204 });
  }
}

export default {
  fetch: (request, env) => env.BROADCAST.getByName("all").fetch(request),
};
