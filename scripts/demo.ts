/**
 * `npm run demo`: shuffled, repeated provider traffic against the running service, one line a message, and then
 * the proof: what the service says of each message is compared with what was planned. Exits 1 if a line is wrong.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Message, messageSchema } from "../src/model/message.ts";
import { type PlannedMessage, type PlannedWebhook, planOf } from "./demo/plan.ts";
import { openScreen, paint, roomForMessages } from "./demo/screen.ts";
import { demoSources, makeDemoSource } from "./demo/sources.ts";
import { localSecret, origin } from "./local.ts";

const messagesWanted = 36;
const repeatedShare = 0.3;
const senders = 4;
/** On a terminal, so slow that one can watch. */
const paceMs = process.stdout.isTTY ? 60 : 0;
const attemptsMax = 5;

const rootKey = localSecret("ROOT_KEY") ?? "";
const nowMs = Date.now();
const plan = planOf(roomForMessages(messagesWanted), nowMs.toString(36), nowMs);

await reachService();
const told = shuffle([...plan.webhooks, ...plan.webhooks.filter(() => Math.random() < repeatedShare)]);
const untold = plan.messages.map(
  (_, index) => told.filter(({ messages }) => messages.includes(index)).length,
);
const screen = openScreen(plan.messages);
const startMs = performance.now();
const queue = told.values();
await Promise.all(Array.from({ length: senders }, send));
const seconds = (performance.now() - startMs) / 1000;
process.exitCode = (await prove()) ? 0 : 1;

async function reachService(): Promise<void> {
  try {
    await fetch(`${origin}/health`);
  } catch {
    console.error(`Nothing answers at ${origin}. Start the service first: npm start`);
    process.exit(1);
  }
  for (const source of demoSources) await makeDemoSource(source, rootKey);
}

async function send(): Promise<void> {
  for (const webhook of queue) {
    await tell(webhook);
    for (const index of webhook.messages) {
      const left = (untold[index] ?? 0) - 1;
      untold[index] = left;
      const message = await readMessage(plan.messages[index]);
      if (message !== null) screen.show(index, message, left === 0);
    }
    await wait(paceMs);
  }
}

/** As a provider would: what is not answered 200 is told again. */
async function tell({ provider, body }: PlannedWebhook): Promise<void> {
  const source = demoSources.find((candidate) => candidate.provider === provider);
  if (source === undefined) throw new Error(`no demo source of ${provider}`);
  const headers = { "Content-Type": "application/json", ...source.headers };
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${origin}${source.path}`, { method: "POST", headers, body });
    const answer = await response.text();
    if (response.ok) return;
    if (attempt === attemptsMax) throw new Error(`${source.path} answered ${response.status}: ${answer}`);
    await wait(attempt * 200);
  }
}

async function readMessage(planned: PlannedMessage | undefined): Promise<Message | null> {
  if (planned === undefined) return null;
  const path = `/v1/messages/demo-${planned.provider}/${encodeURIComponent(planned.messageId)}`;
  const response = await fetch(`${origin}${path}`, { headers: { Authorization: `Bearer ${rootKey}` } });
  return response.ok ? messageSchema.parse(await response.json()) : null;
}

async function prove(): Promise<boolean> {
  const messages = await Promise.all(plan.messages.map(readMessage));
  const wrong = plan.messages.flatMap((planned, index) => faultsOf(planned, index, messages[index] ?? null));
  const events = messages.flatMap((message) => message?.history ?? []);
  const late = events.filter(({ effect }) => effect === "late").length;
  const contradicted = messages.filter((message) => message?.contradicted).length;
  const repeated = messages.reduce((total, message) => total + (message?.duplicates ?? 0), 0);
  console.log(`
${told.length} webhooks about ${plan.messages.length} messages in ${seconds.toFixed(1)} s, in random order:
${events.length} events, ${late} of them late, ${repeated} repeats, ${contradicted} messages contradicted.`);
  for (const fault of wrong) console.error(paint("red", fault));
  if (wrong.length === 0) {
    console.log(
      paint(
        "green",
        `All ${plan.messages.length} lines are right: status, history and counts are as planned.`,
      ),
    );
  }
  return wrong.length === 0;
}

function faultsOf(planned: PlannedMessage, index: number, message: Message | null): string[] {
  if (message === null) return [`${planned.messageId}: the service does not know it`];
  const timed = message.history.filter(({ timeSource }) => timeSource === "provider");
  const tellings = told.filter(({ messages }) => messages.includes(index)).length;
  const seen = {
    status: message.status,
    contradicted: message.contradicted,
    partial: message.partial,
    deleted: message.deletedAt !== null,
    history: timed.map(({ status }) => status),
    events: message.version,
    repeats: message.duplicates,
  };
  const expected = { ...planned.expected, repeats: tellings - planned.expected.events };
  if (JSON.stringify(seen) === JSON.stringify(expected)) return [];
  return [
    `${planned.messageId}: expected ${JSON.stringify(expected)}, the service says ${JSON.stringify(seen)}`,
  ];
}

function shuffle<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ item }) => item);
}
