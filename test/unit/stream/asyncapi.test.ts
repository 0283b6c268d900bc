import { expect, test } from "vitest";
import { asyncApiDocument } from "../../../src/stream/asyncapi.ts";
import { clientFrameSchema, serverFrameSchema } from "../../../src/stream/protocol.ts";

const text = JSON.stringify(asyncApiDocument("https://tickline.example"));
const document: unknown = JSON.parse(text);

test("every frame of the protocol is described, and nothing else", () => {
  const types = [...serverFrameSchema.options, ...clientFrameSchema.options].map(
    (schema) => schema.shape.type.value,
  );
  expect(document).toHaveProperty("components.messages");
  const described = at(document, ["components", "messages"]);
  expect(Object.keys(described ?? {}).toSorted()).toEqual(types.toSorted());
});

test("every reference leads somewhere", () => {
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => String(match[1]));
  expect(references.length).toBeGreaterThan(20);
  const lost = references.filter((reference) => at(document, reference.split("/")) === undefined);
  expect(lost).toEqual([]);
});

test("the server is the deployment's own", () => {
  expect(document).toMatchObject({ servers: { service: { host: "tickline.example", protocol: "wss" } } });
});

function at(value: unknown, path: readonly string[]): object | undefined {
  const found = path.reduce<unknown>(
    (inner, step) => (isObject(inner) ? Reflect.get(inner, step) : undefined),
    value,
  );
  return isObject(found) ? found : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
