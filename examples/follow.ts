/**
 * Follows the feed of a running service (`npm start`) and goes on where it left off when it is started again.
 *
 *   npx node examples/follow.ts                             the local service, with the key of .dev.vars
 *   TICKLINE_URL=https://… TICKLINE_KEY=tk_… npx node examples/follow.ts my-source another-source
 *
 * `npx node` is the Node of this repository, which runs TypeScript; yours may be older. `tickline/client` is what
 * `npm ci` has built of src/client; after a change there, `npm run prepare`.
 *
 * Its place is kept in CURSOR_FILE.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { followFeed } from "tickline/client";

const service = process.env["TICKLINE_URL"] ?? "http://localhost:8787";
const key = process.env["TICKLINE_KEY"] ?? parseEnv(readFileSync(".dev.vars", "utf8"))["ROOT_KEY"] ?? "";
const cursorPath = process.env["CURSOR_FILE"] ?? ".wrangler/follow.cursor";

const following = followFeed({
  url: `${service}/v1/stream`,
  token: newToken,
  filter: { sources: process.argv.slice(2) },
  after: existsSync(cursorPath) ? readFileSync(cursorPath, "utf8") : "earliest",
  onEvents(events) {
    for (const { receivedAt, source, messageId, status, effect } of events) {
      console.log(receivedAt, source, messageId, status, effect === "advanced" ? "" : `(${effect})`);
    }
  },
  saveCursor: (cursor) => writeFileSync(cursorPath, cursor),
  onReset({ reason, earliest }) {
    console.error(`The stored cursor is ${reason}; going on with the oldest event there is.`);
    return earliest;
  },
  onLive: () => console.error("live"),
  onRetry: ({ code, reason, waitMs }) =>
    console.error(`cut (${code} ${reason}), again in ${Math.round(waitMs)} ms`),
});
process.on("SIGINT", () => following.close());
await following.done;

async function newToken(): Promise<string> {
  const response = await fetch(`${service}/v1/stream-tokens`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}` },
    body: "{}",
  });
  const answer: unknown = await response.json();
  if (typeof answer === "object" && answer !== null && "token" in answer) return String(answer.token);
  throw new Error(`no token: ${response.status} ${JSON.stringify(answer)}`);
}
