/**
 * A bare Worker → object → one row: the least that a durable answer costs on this runtime; and the same row with the
 * alarm that guards it, the least of one that must also be fanned out for certain.
 */
import { DurableObject } from "cloudflare:workers";

export class RowObject extends DurableObject {
  #next = 0;

  write(body) {
    this.#next += 1;
    this.ctx.storage.kv.put(`row:${this.#next}`, body);
    return true;
  }
}

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
  /** `ROWS` is one class or the other. */
  async fetch(request, env) {
    const body = await request.json();
    // A list is one webhook of many messages, written by as many lanes as Tickline allows itself.
    const items = (Array.isArray(body) ? body : [body]).values();
    const lane = async () => {
      for (const item of items) await env.ROWS.getByName(item.messageId).write(item);
    };
    await Promise.all(Array.from({ length: 32 }, lane));
    return new Response('{"status":"ok"}', { headers: { "Content-Type": "application/json" } });
  },
};
