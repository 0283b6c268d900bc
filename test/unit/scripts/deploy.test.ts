import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { deploy, type Said, type Tools } from "../../../scripts/deploy/steps.ts";

const configuration = readFileSync(resolve(import.meta.dirname, "../../../wrangler.toml"), "utf8");

/** A Cloudflare account as wrangler shows it. */
class Account {
  databases: { uuid: string; name: string }[] = [];
  queues: string[] = [];
  secrets: Record<string, string> | null = null;
  steps: string[] = [];
  lines: string[] = [];
  written = "";
  healthAnswers = [503, 200];

  tools(environment: Record<string, string> = {}): Tools {
    let pending: Readonly<Record<string, string>> = {};
    return {
      environment,
      randomSecret: () => "made-up-secret-0123456789-abcdefghij",
      say: (line) => this.lines.push(line),
      wait: async () => {},
      get: async () => ({ status: this.healthAnswers.shift() ?? 503, text: "" }),
      writeConfiguration: async (text) => {
        this.written = text;
        return "wrangler.deploy.toml";
      },
      withSecretsFile: async (secrets, use) => {
        pending = secrets;
        return await use("secrets.json");
      },
      wrangler: async (parameters) => {
        const [command, verb, name = ""] = parameters;
        if (command === "d1" && verb === "list") return said(this.databases);
        if (command === "queues" && verb === "info") {
          return this.queues.includes(name) ? said("there") : complaint("not there");
        }
        if (command === "secret") {
          if (this.secrets === null) return complaint("This Worker does not exist. [code: 10007]");
          return said(Object.keys(this.secrets).map((key) => ({ name: key })));
        }
        this.steps.push(parameters.slice(0, 3).join(" "));
        if (command === "d1" && verb === "create") this.databases.push({ uuid: "the-uuid", name });
        if (command === "queues") this.queues.push(name);
        if (command === "deploy") this.secrets = { ...this.secrets, ...pending };
        return { ok: true, output: "Deployed to https://tickline.someone.workers.dev" };
      },
    };
  }
}

function said(value: unknown): Said {
  return { ok: true, output: JSON.stringify(value) };
}

function complaint(text: string): Said {
  return { ok: false, complaint: text };
}

test("a fresh account gets a database, queues, secrets and migrations before the Worker", async () => {
  const account = new Account();
  expect(await deploy(account.tools(), configuration)).toBe("https://tickline.someone.workers.dev");
  expect(account.steps).toEqual([
    "d1 create tickline",
    "queues create tickline-events",
    "queues create tickline-events-dead",
    "d1 migrations apply",
    "deploy --minify --config",
  ]);
  expect(account.written).toContain(`database_id = "the-uuid"`);
  expect(account.written.match(/the-uuid/g)).toHaveLength(1);
  expect(account.written).not.toContain("made-up-secret");
  expect(Object.keys(account.secrets ?? {})).toEqual(["ROOT_KEY", "ENCRYPTION_KEY"]);
});

test("secrets that were made up are shown also if the deployment then fails, and chosen ones never", async () => {
  const account = new Account();
  account.healthAnswers = [];
  const chosen = { ROOT_KEY: "chosen-by-the-operator-0123456789-abc" };
  await expect(deploy(account.tools(chosen), configuration)).rejects.toThrow("/health answers 503");
  const shown = account.lines.join("\n");
  expect(shown).toContain("ENCRYPTION_KEY  made-up-secret");
  expect(shown).not.toContain("chosen-by-the-operator");
});

test("an address of one's own is what is written, asked and told, from the environment or from wrangler.toml", async () => {
  const account = new Account();
  const asked: string[] = [];
  const get: Tools["get"] = async (url) => {
    asked.push(url);
    return { status: 200, text: "" };
  };
  const run = async (environment: Record<string, string>, text: string) =>
    deploy({ ...account.tools(environment), get }, text);
  const own = configuration.replace('PUBLIC_URL = ""', 'PUBLIC_URL = "https://own.example.com"');
  expect(await run({}, own)).toBe("https://own.example.com");
  expect(await run({ PUBLIC_URL: "https://other.example.com/" }, own)).toBe("https://other.example.com");
  expect(account.written).toContain('PUBLIC_URL = "https://other.example.com"');
  expect(asked).toEqual(["https://own.example.com/health", "https://other.example.com/health"]);
  await expect(run({ PUBLIC_URL: "other.example.com" }, own)).rejects.toThrow("PUBLIC_URL must be like");
});

test("staging gets everything of its own, and leaves the top of the configuration alone", async () => {
  const account = new Account();
  const uses: string[] = [];
  const tools = account.tools();
  const noting: Tools = {
    ...tools,
    wrangler: async (parameters) => {
      if (parameters.includes("--env")) uses.push(parameters.slice(parameters.indexOf("--env")).join(" "));
      return tools.wrangler(parameters);
    },
  };
  await deploy(noting, configuration, "staging");
  expect(account.steps).toEqual([
    "d1 create tickline-staging",
    "queues create tickline-staging-events",
    "queues create tickline-staging-events-dead",
    "d1 migrations apply",
    "deploy --minify --config",
  ]);
  expect(uses).toEqual(["--env staging", "--env staging", "--env staging --secrets-file secrets.json"]);
  const [top = "", staging = ""] = account.written.split("[env.staging]");
  expect(top).not.toContain("the-uuid");
  expect(staging).toContain(`database_id = "the-uuid"`);
  await expect(deploy(tools, configuration, "nowhere")).rejects.toThrow("no environment nowhere");
});

test("a second run makes nothing anew, and never replaces a secret", async () => {
  const account = new Account();
  await deploy(account.tools({ ROOT_KEY: "chosen-by-the-operator-0123456789-abc" }), configuration);
  const secrets = account.secrets;
  account.steps = [];
  account.healthAnswers = [200];
  account.lines = [];
  await deploy(account.tools({ ROOT_KEY: "another" }), configuration);
  expect(account.steps).toEqual(["d1 migrations apply", "deploy --minify --config"]);
  expect(account.lines.join("\n")).not.toContain("shown this once");
  expect(account.secrets).toEqual(secrets);
  expect(account.secrets?.["ROOT_KEY"]).toBe("chosen-by-the-operator-0123456789-abc");
});

test("a deployment that does not get healthy is not called one", async () => {
  const account = new Account();
  account.healthAnswers = [];
  await expect(deploy(account.tools(), configuration)).rejects.toThrow("/health answers 503");
});

test("whoever is not logged in is told how", async () => {
  const tools: Tools = { ...new Account().tools(), wrangler: async () => complaint("who are you?") };
  await expect(deploy(tools, configuration)).rejects.toThrow("wrangler login");
});

test("secrets that cannot be listed are not taken for missing", async () => {
  const tools = new Account().tools();
  const failing: Tools = {
    ...tools,
    wrangler: async (parameters) =>
      parameters[0] === "secret" ? complaint("timed out") : tools.wrangler(parameters),
  };
  await expect(deploy(failing, configuration)).rejects.toThrow("could not be listed: timed out");
});
