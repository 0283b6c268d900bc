/** The bare row, and the alarm that guards it: what a durable answer costs that must also be fanned out for certain. */
import { DurableObject } from "cloudflare:workers";

export class GuardedObject extends DurableObject {
  #next = 0;

  async write(body) {
    this.#next += 1;
    const armed = this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.put(`row:${this.#next}`, body);
      return { armed: this.ctx.storage.setAlarm(Date.now() + 3_600_000) };
    });
    await armed.armed;
    return true;
  }

  alarm() {}
}

export default {
  async fetch(request, env) {
    const body = await request.json();
    // A list is one webhook of many messages, written by as many lanes as Tickline allows itself.
    const items = (Array.isArray(body) ? body : [body]).values();
    const lane = async () => {
      for (const item of items) await env.GUARDED.getByName(item.messageId).write(item);
    };
    await Promise.all(Array.from({ length: 32 }, lane));
    return new Response('{"status":"ok"}', { headers: { "Content-Type": "application/json" } });
  },
};
