/** Texter's documented import body, and bodies that differ from it in one place. */
import * as z from "zod";
import { type Json, type JsonObject, jsonObjectSchema, jsonSchema } from "../../src/model/json.ts";
import documented from "../fixtures/scenarios/statusChanged.json";

/** As documented, with `{{yourWebhookURL}}` still in it. */
export const documentedImport: JsonObject = jsonObjectSchema.parse(documented);

export const webhookUrl = "https://receiver.example/hooks/texter";

/** The documented body with its URL filled in, and then each `data.actions[0].params.url` of `edits` set; undefined removes. */
export function anImport(edits: Readonly<Record<string, Json | undefined>> = {}): JsonObject {
  const body = structuredClone(documentedImport);
  for (const [path, value] of Object.entries({ "data.actions[0].params.url": webhookUrl, ...edits })) {
    edit(body, path, value);
  }
  return body;
}

function edit(body: JsonObject, path: string, value: Json | undefined): void {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== "");
  const last = steps.pop() ?? "";
  let parent: object = body;
  for (const step of steps) parent = z.custom<object>().parse(Reflect.get(parent, step));
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, jsonSchema.parse(structuredClone(value)));
}
