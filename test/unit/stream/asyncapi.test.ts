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
  for (const reference of references)
    expect([reference, at(document, reference.split("/"))]).not.toContain(undefined);
});

test("the server is the deployment's own", () => {
  expect(document).toMatchObject({ servers: { service: { host: "tickline.example", protocol: "wss" } } });
});

function at(value: unknown, path: readonly string[]): object | undefined {
  let found: unknown = value;
  for (const step of path)
    found = typeof found === "object" && found !== null ? Reflect.get(found, step) : undefined;
  return typeof found === "object" && found !== null ? found : undefined;
}
