/** What a scenario's placeholders stand for: the few named values of one event, and nothing else of it. */
import type { Event } from "../../model/event.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { texterStatusOf } from "../dialects/texterStatus.ts";
import type { Name, Values } from "./template.ts";

export const triggerProvider = "messageStatusRequest";
const triggerKeys = [
  "status",
  "error",
  "timestamp",
  "ids",
  "chat.id",
  "chat.name",
  "chat.accountId",
] as const;
/** The one thing that a loader loads, under its alias. */
const loadedKey = "chat";

export function isKnown({ provider, key }: Name, aliases: readonly string[]): boolean {
  if (provider === triggerProvider) return triggerKeys.some((known) => known === key);
  return aliases.includes(provider) && key === loadedKey;
}

/** Null: Texter has no word for this event, and its scenarios do not run. */
export function valuesOf(event: Event, aliases: readonly string[]): Values | null {
  const told = texterStatusOf(event);
  if (told === null) return null;
  const channel = channelOf(told.chat);
  const trigger: Record<(typeof triggerKeys)[number], Json> = {
    status: told.status,
    error: told.error,
    timestamp: told.timestamp,
    ids: [...told.ids],
    "chat.id": channel["id"] ?? null,
    "chat.name": channel["name"] ?? null,
    "chat.accountId": channel["accountId"] ?? null,
  };
  return new Map([
    ...aliases.map((alias): [string, Map<string, Json>] => [alias, new Map([[loadedKey, told.chat]])]),
    [triggerProvider, new Map<string, Json>(Object.entries(trigger))],
  ]);
}

function channelOf(chat: JsonObject): JsonObject {
  const channel = Object.hasOwn(chat, "channelInfo") ? chat["channelInfo"] : null;
  return isJsonObject(channel) ? channel : {};
}
