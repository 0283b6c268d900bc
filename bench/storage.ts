/**
 * What a message with three events takes in D1, by table: `npm run storage` prints it.
 *
 * Counted, not reckoned: the webhooks of the three first providers' own documentation go through their readers and the
 * message's ledger, the fan-out's own statements write them into an SQLite database with all migrations, and SQLite
 * tells the pages.
 */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { appendHistory } from "../src/history/store.ts";
import { unconfirmedItems } from "../src/message/fanout.ts";
import { addUpdates, emptyLedger, type Ledger } from "../src/message/ledger.ts";
import type { FanOutItem } from "../src/model/fanout.ts";
import { identify } from "../src/model/identity.ts";
import { findProvider } from "../src/providers/index.ts";

const messagesPerProvider = 500;
const eventsPerBatch = 10;
/** How many other messages' events lie between two of one message. */
const apart = 200;
const startMs = Date.UTC(2026, 10, 1);

export interface Storage {
  readonly provider: string;
  readonly bytesPerMessage: number;
  /** Bytes a message in each table and index, largest first. */
  readonly byTable: readonly { readonly name: string; readonly bytes: number }[];
}

/** A message's three webhooks. */
type Webhooks = (index: number) => readonly object[];

const traffic: Readonly<Record<string, Webhooks>> = {
  nifteem: (index) => {
    const messageId = randomText(13);
    return ["DISPATCHED", "DELIVERED", "READ"].map((status, step) => ({
      event: "DISPATCH_STATUS",
      module: "DISPATCH_API",
      dispatchId: `0FCB1XXX${String(Math.floor(index / 500)).padStart(5, "0")}`,
      messageId,
      messagePart: 1,
      messageTotalParts: 1,
      channel: "RCS",
      channelIdentifier: `+39${String(300_000_000 + index)}`,
      status,
      statusOrder: 10 * step,
      statusDate: new Date(startMs + 1_000 * (index + apart * step)).toISOString(),
      dispatchMetadata: { campaign: "autumn" },
      recipientMetadata: { customer: String(10_000 + index) },
    }));
  },
  callbell: (index) => {
    const uuid = randomBytes(16).toString("hex");
    const contact = randomBytes(16).toString("hex");
    const ids = { id: `gBGG${randomText(23)}`, gsId: crypto.randomUUID() };
    return ["sent", "delivered", "read"].map((status, step) => ({
      event: "message_status_updated",
      payload: {
        uuid,
        status,
        contact: {
          href: `https://dash.callbell.eu/contacts/${contact}`,
          conversationHref: `https://dash.callbell.eu/chat/${contact}`,
          name: "John Doe",
          tags: ["Lead"],
          uuid: contact,
          source: "whatsapp",
          avatarUrl: null,
          createdAt: "2022-10-12T15:57:16Z",
          phoneNumber: String(331_000_000_000 + index),
        },
        messageStatusPayload: {
          ...ids,
          type: status,
          payload: { ts: startMs / 1_000 + index + apart * step },
          destination: String(331_000_000_000 + index),
        },
      },
    }));
  },
  texter: (index) => {
    const externalId = [`wamid.${randomBytes(43).toString("base64")}`];
    const chat = {
      _id: randomBytes(12).toString("hex"),
      displayName: "Josh Dun",
      channelInfo: { name: "whatsapp", id: String(972_500_000_000 + index), accountId: "972500000001" },
    };
    return [1, 2, 3].map((messageStatus, step) => ({
      eventName: "messageStatusChanged",
      eventData: {
        chat,
        messageStatus,
        error: null,
        timestamp: startMs + 1_000 * (index + apart * step),
        externalId,
      },
    }));
  },
};

export async function measureStorage(): Promise<Storage[]> {
  const measured: Storage[] = [];
  for (const [provider, webhooks] of Object.entries(traffic)) {
    measured.push(await measureProvider(provider, webhooks));
  }
  return measured;
}

async function measureProvider(provider: string, webhooks: Webhooks): Promise<Storage> {
  const database = new DatabaseSync(":memory:");
  const folder = resolve(import.meta.dirname, "../migrations");
  for (const file of readdirSync(folder).toSorted()) database.exec(readFileSync(join(folder, file), "utf8"));
  const empty = pagesOf(database);
  const items = await itemsOf(provider, webhooks);
  for (let start = 0; start < items.length; start += eventsPerBatch) {
    await appendHistory(asD1(database), items.slice(start, start + eventsPerBatch));
  }
  const byTable = [...pagesOf(database)]
    .map(([name, bytes]) => ({ name, bytes: (bytes - (empty.get(name) ?? 0)) / messagesPerProvider }))
    .filter(({ bytes }) => bytes > 0)
    .toSorted((one, other) => other.bytes - one.bytes);
  database.close();
  return { provider, bytesPerMessage: byTable.reduce((sum, { bytes }) => sum + bytes, 0), byTable };
}

/** In the order in which the webhooks come in: a message's events lie apart. */
async function itemsOf(provider: string, webhooks: Webhooks): Promise<FanOutItem[]> {
  const items: { readonly tick: number; readonly item: FanOutItem }[] = [];
  for (let index = 0; index < messagesPerProvider; index += 1) {
    let ledger = emptyLedger;
    for (const [step, webhook] of webhooks(index).entries()) {
      const tick = index + apart * step;
      ledger = await record(ledger, provider, webhook, new Date(startMs + 1_000 * tick).toISOString());
      const mark = ledger.entries.length - 1;
      for (const item of unconfirmedItems(ledger, { mark, beyond: new Set() })) items.push({ tick, item });
    }
  }
  return items.toSorted((one, other) => one.tick - other.tick).map(({ item }) => item);
}

async function record(
  ledger: Ledger,
  provider: string,
  webhook: object,
  receivedAt: string,
): Promise<Ledger> {
  const source = `main-${provider}`;
  const reading = findProvider(provider)?.read({
    method: "POST",
    url: `https://tickline.example/in/${source}`,
    headers: new Map([["content-type", "application/json"]]),
    body: new TextEncoder().encode(JSON.stringify(webhook)),
  });
  const update = reading?.kind === "updates" ? reading.updates[0] : undefined;
  if (update === undefined) throw new Error(`${provider} does not read ${JSON.stringify(webhook)}`);
  const updates = [{ ...update, eventId: await identify(source, update) }];
  return addUpdates(ledger, { source, provider, messageId: update.messageId, updates }, receivedAt).ledger;
}

function pagesOf(database: DatabaseSync): Map<string, number> {
  const rows = database.prepare("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name").all();
  return new Map(rows.map(({ name, bytes }) => [String(name), Number(bytes)]));
}

/** As much of D1 as the fan-out's statements need; of the rest nothing is called. */
function asD1(database: DatabaseSync): D1Database {
  const d1 = {
    prepare: (sql: string) => ({
      bind:
        (...values: SQLInputValue[]) =>
        () => ({ results: database.prepare(sql).all(...values) }),
    }),
    batch: async (statements: (() => unknown)[]) => {
      return statements.map((run) => run());
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return d1 as unknown as D1Database;
}

function randomText(characters: number): string {
  return randomBytes(characters).toString("base64url").slice(0, characters);
}

function storageTable(measured: readonly Storage[]): string {
  return [
    "| webhooks of | bytes a message | of these |",
    "|---|---|---|",
    ...measured.map(({ provider, bytesPerMessage, byTable }) => {
      const parts = byTable.map(({ name, bytes }) => `${name} ${Math.round(bytes)}`).join(", ");
      return `| ${provider} | ${Math.round(bytesPerMessage).toLocaleString("en-US")} | ${parts} |`;
    }),
  ].join("\n");
}

if (import.meta.main) console.log(storageTable(await measureStorage()));
