/** What each scope lets its holder do. */
import type { Scope } from "../../model/access.ts";

export const scopeWords: Readonly<Record<Scope, string>> = {
  "messages:read": "Read messages, groups and the overview",
  "feed:read": "Follow events live",
  "sources:read": "See sources and rejected webhooks",
  "sources:write": "Make and change sources, replay rejected webhooks",
  "subscriptions:read": "See subscriptions and deliveries",
  "subscriptions:write": "Make and change subscriptions, replay and retry",
  "subscriptions:impersonate": "Import scenarios in another author’s name",
  "keys:write": "Make, change and revoke keys",
  "messages:erase": "Erase messages and recipients",
};
