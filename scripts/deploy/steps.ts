/**
 * What a deployment consists of. Every step finds out what is there and makes only what is missing, so that it may
 * stop anywhere and run again. Wrangler, the network, chance and the output are handed in.
 */
import * as z from "zod";

/** What wrangler printed; `complaint` where it failed. */
export type Said =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly complaint: string };

export interface Tools {
  readonly wrangler: (parameters: readonly string[]) => Promise<Said>;
  /** Writes the configuration with this account's ids in it, and resolves with its path. */
  readonly writeConfiguration: (text: string, environment: string | null) => Promise<string>;
  /** Calls back with the path of a file that holds the secrets, and removes it again. */
  readonly withSecretsFile: (
    secrets: Readonly<Record<string, string>>,
    use: (path: string) => Promise<string>,
  ) => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly randomSecret: () => string;
  /** The status and text of a GET; null if nothing answered. */
  readonly get: (url: string) => Promise<{ status: number; text: string } | null>;
  readonly wait: (waitMs: number) => Promise<void>;
  readonly say: (line: string) => void;
}

interface Secrets {
  /** What the deployment lacks. */
  readonly missing: Readonly<Record<string, string>>;
  /** Those of them that nobody chose, so nobody knows them yet. */
  readonly madeUp: readonly string[];
}

/** Said to the person at the terminal; nothing went wrong inside. */
export class DeploymentError extends Error {}

const databaseListSchema = z.array(z.object({ uuid: z.string(), name: z.string() }));
const secretListSchema = z.array(z.object({ name: z.string() }));
const healthyWithinAttempts = 30;
const healthPauseMs = 2_000;

/**
 * Resolves with the deployment's address. `configuration` is the text of wrangler.toml; `environment` one of its
 * `[env.…]`, null for the top of it.
 */
export async function deploy(
  tools: Tools,
  configuration: string,
  environment: string | null = null,
): Promise<string> {
  const { before, own, after } = partsOf(configuration, environment);
  const publicUrl = publicUrlOf(tools.environment["PUBLIC_URL"], own);
  const databaseId = await findOrMakeDatabase(tools, valueOf(own, "database_name"));
  for (const queue of queuesOf(own)) await findOrMakeQueue(tools, queue);
  const path = await tools.writeConfiguration(
    before + withIds(own, databaseId, publicUrl) + after,
    environment,
  );
  const chosen = ["--config", path, "--env", environment ?? ""];
  const secrets = await missingSecrets(tools, own, chosen);
  tools.say("Applying the migrations …");
  await insist(tools, ["d1", "migrations", "apply", "DB", "--remote", ...chosen]);
  showOnce(tools, secrets);
  tools.say("Deploying …");
  const upload = ["deploy", "--minify", ...chosen];
  const output = await tools.withSecretsFile(secrets.missing, (secretsPath) =>
    insist(tools, [...upload, "--secrets-file", secretsPath]),
  );
  const url = publicUrl || urlOf(output);
  await waitUntilHealthy(tools, url);
  return url;
}

/** Before the upload: whatever goes wrong after it, the deployment may have them already, and tells them nobody. */
function showOnce(tools: Tools, { missing, madeUp }: Secrets): void {
  for (const name of madeUp) tools.say(`  ${name}  ${missing[name]}  (shown this once: keep it safe)`);
}

async function findOrMakeDatabase(tools: Tools, name: string): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const said = await tools.wrangler(["d1", "list", "--json"]);
    if (!said.ok) {
      throw new DeploymentError(
        "Cloudflare does not let us in. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.",
      );
    }
    return databaseListSchema.parse(JSON.parse(said.output)).find((database) => database.name === name)?.uuid;
  };
  const found = await find();
  if (found !== undefined) return found;
  tools.say(`Making the database ${name} …`);
  await insist(tools, ["d1", "create", name]);
  const made = await find();
  if (made === undefined) throw new DeploymentError(`The database ${name} was made, and is not in the list.`);
  return made;
}

async function findOrMakeQueue(tools: Tools, name: string): Promise<void> {
  if ((await tools.wrangler(["queues", "info", name])).ok) return;
  tools.say(`Making the queue ${name} …`);
  await insist(tools, ["queues", "create", name]);
}

/** A secret that the deployment has is never replaced: what is sealed under it would be lost. */
async function missingSecrets(
  tools: Tools,
  configuration: string,
  chosen: readonly string[],
): Promise<Secrets> {
  const said = await tools.wrangler(["secret", "list", "--format", "json", ...chosen]);
  // Only a Worker that is not there yet has none; any other failure must not look like that.
  if (!said.ok && !/10007|not found|does not exist/i.test(said.complaint)) {
    throw new DeploymentError(`The secrets could not be listed: ${said.complaint}`);
  }
  const there = said.ok ? secretListSchema.parse(JSON.parse(said.output)).map(({ name }) => name) : [];
  const required = [...(/^required = \[(.*)\]/m.exec(configuration)?.[1] ?? "").matchAll(/"(\w+)"/g)];
  const names = required.map((match) => String(match[1])).filter((name) => !there.includes(name));
  return {
    missing: Object.fromEntries(names.map((name) => [name, tools.environment[name] || tools.randomSecret()])),
    madeUp: names.filter((name) => !tools.environment[name]),
  };
}

/** A new address may need some seconds until it answers everywhere. */
async function waitUntilHealthy(tools: Tools, url: string): Promise<void> {
  let last: { status: number; text: string } | null = null;
  for (let attempt = 1; attempt <= healthyWithinAttempts; attempt += 1) {
    last = await tools.get(`${url}/health`);
    if (last?.status === 200) return;
    await tools.wait(healthPauseMs);
  }
  const answer = last === null ? "nothing" : `${last.status} ${last.text}`;
  throw new DeploymentError(`Deployed, but ${url}/health answers ${answer}`);
}

async function insist(tools: Tools, parameters: readonly string[]): Promise<string> {
  const said = await tools.wrangler(parameters);
  if (said.ok) return said.output;
  throw new DeploymentError(`wrangler ${parameters.join(" ")} failed:\n${said.complaint}`);
}

/** The lines of one environment, and those before and after it: each has a name, a database and queues of its own. */
function partsOf(
  configuration: string,
  environment: string | null,
): { before: string; own: string; after: string } {
  const firstIndex = configuration.search(/^\[env\./m);
  const topEnd = firstIndex === -1 ? configuration.length : firstIndex;
  if (environment === null) {
    return { before: "", own: configuration.slice(0, topEnd), after: configuration.slice(topEnd) };
  }
  const start = configuration.indexOf(`\n[env.${environment}]\n`) + 1;
  if (start === 0) throw new DeploymentError(`wrangler.toml has no environment ${environment}.`);
  const rest = configuration.slice(start);
  const next = [...rest.matchAll(/^\[env\.\w+\]$/gm)][1]?.index ?? rest.length;
  return { before: configuration.slice(0, start), own: rest.slice(0, next), after: rest.slice(next) };
}

function withIds(configuration: string, databaseId: string, publicUrl: string): string {
  return configuration
    .replace(/^database_id = ".*"$/m, `database_id = "${databaseId}"`)
    .replace(/^PUBLIC_URL = ".*"$/m, `PUBLIC_URL = "${publicUrl}"`);
}

/** The environment wins over wrangler.toml; empty: none. Paths are appended to it, so it ends without a slash. */
function publicUrlOf(given: string | undefined, configuration: string): string {
  const url = given || (/^PUBLIC_URL = "(.*)"$/m.exec(configuration)?.[1] ?? "");
  if (url === "") return "";
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new DeploymentError(`PUBLIC_URL must be like https://tickline.example.com, not ${url}`);
  }
  return url.replace(/\/+$/, "");
}

function queuesOf(configuration: string): string[] {
  return [
    ...new Set(
      [...configuration.matchAll(/^(?:dead_letter_)?queue = "(.+)"$/gm)].map((match) => String(match[1])),
    ),
  ];
}

function valueOf(configuration: string, name: string): string {
  const value = new RegExp(`^${name} = "(.+)"$`, "m").exec(configuration)?.[1];
  if (value === undefined) throw new DeploymentError(`wrangler.toml has no ${name}.`);
  return value;
}

function urlOf(output: string): string {
  const url = /https:\/\/[\w.-]+\.workers\.dev/.exec(output)?.[0];
  if (url === undefined) {
    throw new DeploymentError("Deployed, but wrangler names no address; set PUBLIC_URL.");
  }
  return url;
}
