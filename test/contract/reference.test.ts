/** The committed reference is the one that the code describes now, and others' validators take it for what it says. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { repository } from "../../scripts/local.ts";
import { referenceFiles, servedDirectory } from "../../scripts/reference.ts";
import asyncApiSchema from "@asyncapi/specs/schemas/3.0.0-without-$id.json" with { type: "json" };

const files = referenceFiles();

describe("the committed reference (npm run reference writes it)", () => {
  test.each([...files.keys()])("%s is up to date", (name) => {
    const path = join(servedDirectory, name);
    expect(existsSync(path) ? readFileSync(path, "utf8") === files.get(name) : "missing").toBe(true);
  });

  test("has no page too many", () => {
    const pages = globSync("docs/**/*.*", { cwd: servedDirectory });
    expect(pages.filter((page) => !files.has(page))).toEqual([]);
  });
});

test("every link from one document to another leads somewhere", () => {
  const directory = join(repository, "docs");
  const links = globSync("**/*.md", { cwd: directory }).flatMap((file) =>
    [...readFileSync(join(directory, file), "utf8").matchAll(/\]\(([^)#:\s]+)(?:#[^)\s]*)?\)/g)].map(
      (match) => ({
        file,
        target: String(match[1]),
      }),
    ),
  );
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter(({ file, target }) => !existsSync(join(directory, dirname(file), target)))).toEqual([]);
});

test("openapi.json is valid OpenAPI 3.1, for a validator that finds what is wrong", async () => {
  expect(await new Validator().validate(parsed("openapi.json"))).toMatchObject({ valid: true });
  const { info: _, ...nameless } = parsed("openapi.json");
  expect(await new Validator().validate(nameless)).toMatchObject({ valid: false });
});

test("asyncapi.json is valid AsyncAPI 3.0, for a schema that finds what is wrong", () => {
  const validate = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(asyncApiSchema);
  expect(validate(parsed("asyncapi.json")), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  const { info: _, ...nameless } = parsed("asyncapi.json");
  expect(validate(nameless)).toBe(false);
});

function parsed(name: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(files.get(name) ?? ""));
}
