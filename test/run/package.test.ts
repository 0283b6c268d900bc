/** The package as others install it: plain JavaScript and its types, without a flag, a bundler or our sources. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { repository } from "../support/service.ts";

const run = promisify(execFile);
const project = mkdtempSync(join(tmpdir(), "tickline-package-"));

beforeAll(async () => {
  const installed = join(project, "node_modules/tickline");
  mkdirSync(installed, { recursive: true });
  // A copy: what packing builds anew is in use here by other tests.
  const copy = join(project, "copy");
  for (const name of ["src", "docs", "package.json", "tsconfig.json", "README.md", "LICENSE"]) {
    cpSync(join(repository, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", project], { cwd: copy });
  // The scripts that run before it print their own names first.
  const packed: unknown = JSON.parse(stdout.slice(stdout.indexOf("[\n")));
  const [{ filename }] = z.tuple([z.object({ filename: z.string() })]).parse(packed);
  await run("tar", ["-xzf", join(project, filename), "-C", installed, "--strip-components=1"]);
  // Of its dependencies the types need this one, and the code none.
  symlinkSync(join(repository, "node_modules/zod"), join(project, "node_modules/zod"));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

test("Node imports the client and the check of webhooks from it", async () => {
  writeFileSync(
    join(project, "follow.mjs"),
    `import { followFeed } from "tickline/client";
     import { verifyWebhook } from "tickline/webhook";
     const following = followFeed({ url: "http://127.0.0.1:1/v1/stream", token: () => new Promise(() => {}) });
     following.close();
     await following.done;
     const webhook = await verifyWebhook({ secret: "whsec_c2VjcmV0", headers: {}, body: "{}" });
     console.log(webhook.reason);`,
  );
  const { stdout } = await run(process.execPath, ["follow.mjs"], { cwd: project });
  expect(stdout).toBe("headers\n");
});

test.each(["node16", "bundler"])(
  "TypeScript with the resolution of %s knows its types",
  async (resolution) => {
    writeFileSync(
      join(project, "follow.mts"),
      `import { followFeed, type FeedEvent } from "tickline/client";
     import { verifyWebhook } from "tickline/webhook";
     const texts: string[] = [];
     const following = followFeed({
       url: "https://tickline.example.com/v1/stream",
       filter: { statuses: ["read"] },
       onEvents: (events) => events.forEach(({ messageId }) => texts.push(messageId)),
     });
     export const versionOf = (event: FeedEvent): number => event.version;
     // @ts-expect-error: no status has this name
     followFeed({ url: "", filter: { statuses: ["seen"] } });
     // @ts-expect-error: an id is text
     export const idOf = (event: FeedEvent): number => event.id;
     export const verified = verifyWebhook({ secret: "", headers: new Headers(), body: "" });
     following.close();`,
    );
    const module = resolution === "bundler" ? "esnext" : resolution;
    const options = `--noEmit --strict --types  --lib es2023,dom --module ${module} --moduleResolution ${resolution}`;
    const compiler = join(repository, "node_modules/typescript/bin/tsc");
    const compiled = run(process.execPath, [compiler, ...options.split(" "), "follow.mts"], { cwd: project });
    await expect(compiled.catch((error: unknown) => error)).resolves.toMatchObject({ stdout: "" });
  },
);
