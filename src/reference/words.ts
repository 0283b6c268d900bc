/** What each component and each of its members means; "" is the component itself. Tests find what is missing or stale. */
import type { ComponentName } from "./operation.ts";
import { managementWords } from "./words/management.ts";
import { messageWords } from "./words/messages.ts";
import { subscriptionWords } from "./words/subscriptions.ts";

export type Words = Partial<Record<ComponentName, Readonly<Record<string, string>>>>;

export const words: Readonly<Record<ComponentName, Readonly<Record<string, string>>>> = {
  ...messageWords,
  ...managementWords,
  ...subscriptionWords,
};
