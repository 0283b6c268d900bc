/** The built service, started as a user starts it: what README says of it, and what must survive its death. */
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { messageSchema } from "../../src/model/message.ts";
import { bearer, ownService } from "../support/ownService.ts";
import { cleanEnvironment, failToStart, repository } from "../support/service.ts";

const run = promisify(execFile);
const own = ownService("run");

beforeAll(() => own.start());

test("the start says where it is, with the root key and a link to the dashboard", () => {
  const { service } = own;
  expect(service.output()).toContain(`Tickline is ready at ${service.origin}`);
  expect(service.output()).toContain(`${service.origin}/#key=${service.rootKey}`);
  expect(service.rootKey.length).toBeGreaterThanOrEqual(32);
  expect(statSync(join(repository, ".dev.vars")).mode & 0o077).toBe(0);
});

test("it listens on this machine alone", () => {
  const sockets = readFileSync("/proc/net/tcp", "utf8");
  const port = own.service.port.toString(16).toUpperCase().padStart(4, "0");
  const listening = sockets.split("\n").filter((line) => line.includes(`:${port} 00000000:0000 0A`));
  expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${port}`]);
});

test("README's lines work as printed", async () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map((match) => String(match[1]));
  const lines = blocks.filter((block) => !block.includes("npm start")).join("\n");
  const script = lines.replaceAll("8787", String(own.service.port));
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", script], {
    cwd: repository,
    env: cleanEnvironment(),
  });
  const answers = stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  const ok = { status: "ok" };
  expect(answers).toMatchObject([
    ok,
    ok,
    { status: "read", history: [{ status: "delivered", effect: "late" }, { status: "read" }] },
    ok,
    ok,
    { status: "sent", version: 1, duplicates: 1 },
    ok,
    expect.anything(),
  ]);
  // The list may be a moment behind the messages.
  await expect
    .poll(() => list("/v1/messages?source=demo-texter&status=failed"))
    .toEqual(expect.arrayContaining(["T-1", "T-2"]));
});

test("npm run demo proves all its lines", async () => {
  const { stdout } = await run(process.execPath, ["scripts/demo.ts"], {
    cwd: repository,
    env: { ...cleanEnvironment(), PORT: String(own.service.port) },
  });
  expect(stdout).toContain("All 36 lines are right");
});

test("a port that is taken is said so, and nothing is started", async () => {
  const { port } = own.service;
  const { code, output } = await failToStart({ port, stateDirectory: own.stateDirectory });
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} is taken`);
});

test("kill -9 right after a 200 loses nothing: the event is in the list within 60 s of the next start", async () => {
  const ids = Array.from({ length: 100 }, (_, index) => `killed-${index}`);
  await Promise.all(ids.map(async (id) => expect(await knock(id)).toBe(200)));
  const { rootKey: formerRootKey } = own.service;
  await own.service.kill();

  // Another root key in the environment, to see that it wins over .dev.vars.
  const rootKey = "a-root-key-from-the-environment-0123456789";
  await own.start({ ROOT_KEY: rootKey });

  expect(await messageOf("killed-0")).toMatchObject({ status: "delivered", version: 1 });
  await expect
    .poll(() => list("/v1/messages?source=demo-nifteem&limit=200"), { timeout: 60_000, interval: 500 })
    .toEqual(expect.arrayContaining(ids));
  const refused = await fetch(`${own.service.origin}/v1/sources`, bearer(formerRootKey));
  expect(refused.status).toBe(401);
});

test("Ctrl-C ends it, with all its processes", async () => {
  expect(await own.service.stop()).toBe(0);
  await expect(fetch(`${own.service.origin}/health`)).rejects.toThrow("fetch failed");
});

async function knock(messageId: string): Promise<number> {
  const response = await fetch(`${own.service.origin}/in/demo-nifteem`, {
    method: "POST",
    headers: { "X-API-Key": "demo", "Content-Type": "application/json" },
    body: JSON.stringify({
      messageId,
      status: "DELIVERED",
      statusDate: "2024-01-01T14:30:00Z",
      channel: "SMS",
      channelIdentifier: "+390000000",
      dispatchId: "D-2",
    }),
  });
  await response.arrayBuffer();
  return response.status;
}

const listSchema = z.object({ data: z.array(z.object({ messageId: z.string() })) });

async function list(path: string): Promise<string[]> {
  return listSchema.parse(await own.ask("GET", path)).data.map(({ messageId }) => messageId);
}

async function messageOf(messageId: string) {
  return messageSchema.parse(await own.ask("GET", `/v1/messages/demo-nifteem/${messageId}`));
}
