/**
 * The built Worker, unchanged, with a meter at what the platform bills, and doors that only the bench knows.
 * Rows of D1 are the runtime's own `rows_written`, rows of an object's tables the `rowsWritten` of its cursors; the
 * key-value store and the alarm have no counter, so each call that writes counts as the row that it is billed as.
 */
import app, * as tickline from "./tickline.js";

const units = {};

function count(name, amount = 1) {
  units[name] = (units[name] ?? 0) + amount;
}

/** A class of objects that counts its requests and what it writes. */
function metered(Base, name) {
  return class extends Base {
    constructor(ctx, env) {
      meterStorage(ctx.storage, name);
      super(ctx, env);
    }
  };
}

function meterStorage(storage, name) {
  const { kv, sql } = storage;
  const own = {
    put: kv.put.bind(kv),
    delete: kv.delete.bind(kv),
    exec: sql.exec.bind(sql),
    setAlarm: storage.setAlarm.bind(storage),
  };
  kv.put = (...parameters) => {
    count(`${name}Rows`);
    return own.put(...parameters);
  };
  kv.delete = (...parameters) => {
    count(`${name}Rows`);
    return own.delete(...parameters);
  };
  sql.exec = (...parameters) => {
    const cursor = own.exec(...parameters);
    // What a statement writes it has written before its first row is read.
    count(`${name}Rows`, cursor.rowsWritten);
    return cursor;
  };
  storage.setAlarm = (...parameters) => {
    count(`${name}Alarms`);
    return own.setAlarm(...parameters);
  };
}

/** Calls from outside come through the class's own methods; each is a request. */
function countCalls(Class, name) {
  for (const method of Object.getOwnPropertyNames(Class.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(Class.prototype, method);
    if (method === "constructor" || typeof value !== "function") continue;
    Class.prototype[method] = function (...parameters) {
      count(`${name}Requests`);
      return value.apply(this, parameters);
    };
  }
  return metered(Class, name);
}

export const MessageObject = countCalls(tickline.MessageObject, "message");
export const FeedObject = countCalls(tickline.FeedObject, "feed");
export const SubscriptionObject = countCalls(tickline.SubscriptionObject, "subscription");

let isDatabaseMetered = false;

/** Every statement and batch passes one of these two, with what it cost in its answer. */
function meterDatabase(db) {
  if (isDatabaseMetered) return;
  isDatabaseMetered = true;
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(db.alwaysPrimarySession));
  for (const method of ["_sendOrThrow", "_queryOrThrow"]) {
    const send = prototype[method];
    prototype[method] = async function (...parameters) {
      const answer = await send.apply(this, parameters);
      for (const { meta } of Array.isArray(answer) ? answer : [answer]) {
        count("databaseRowsWritten", meta.rows_written);
        count("databaseRowsRead", meta.rows_read);
        units.databaseBytes = meta.size_after;
      }
      return answer;
    };
  }
}

const copyMessages = `
  INSERT INTO messages (source, message_id, provider, born, version, status, channel, recipient, group_id,
                        reason_code, last_received_at, summary)
  SELECT source, message_id || value, provider, born, version, status, channel, recipient, group_id,
         reason_code, last_received_at, summary
  FROM messages, json_each(?1)`;
const copyEvents = `
  INSERT INTO events (received_at, id, source, message_id, version, status, effect, repeats, body)
  SELECT received_at, events.id || value, source, message_id || value, version, status, effect, repeats, body
  FROM events, json_each(?1)`;

export default {
  async fetch(request, env, ctx) {
    meterDatabase(env.DB);
    switch (new URL(request.url).pathname) {
      case "/bench/units":
        return Response.json(units);
      case "/bench/publish":
        await env.FEED.getByName("feed").publish(await request.json());
        return new Response(null, { status: 204 });
      case "/bench/copy": {
        const suffixes = await request.text();
        await env.DB.batch([
          env.DB.prepare(copyMessages).bind(suffixes),
          env.DB.prepare(copyEvents).bind(suffixes),
        ]);
        return new Response(null, { status: 204 });
      }
      case "/bench/cron": {
        const { cron, aheadMs } = await request.json();
        await app.scheduled({ cron, scheduledTime: Date.now() + aheadMs }, env, ctx);
        return new Response(null, { status: 204 });
      }
      default:
        count("workerRequests");
        return app.fetch(request, env, ctx);
    }
  },
  async queue(batch, env, ctx) {
    meterDatabase(env.DB);
    count("workerRequests");
    count("queueBatches");
    count("queueMessages", batch.messages.length);
    await app.queue(batch, env, ctx);
  },
  scheduled: app.scheduled,
};
