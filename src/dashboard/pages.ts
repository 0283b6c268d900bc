/** Which address shows which page. What a first visit needs is here; the rest is loaded when it is opened. */
import type { ComponentType } from "preact";
import { lazy } from "./lazy.tsx";
import { LivePage } from "./live/page.tsx";
import { MessagePage } from "./message/page.tsx";
import { decodeParts } from "./words/path.ts";

export interface PageProps {
  /** The parts of the path that the pattern leaves open, decoded. */
  readonly parts: readonly string[];
}

interface Route {
  /** The first part of the path; "" for the page at the root. */
  readonly name: string;
  /** How many parts follow it. */
  readonly parts: number;
  readonly page: ComponentType<PageProps>;
}

const routes: readonly Route[] = [
  { name: "", parts: 0, page: LivePage },
  { name: "messages", parts: 2, page: MessagePage },
  { name: "overview", parts: 0, page: lazy(async () => (await import("./overview/page.tsx")).OverviewPage) },
  { name: "groups", parts: 2, page: lazy(async () => (await import("./group/page.tsx")).GroupPage) },
  {
    name: "subscriptions",
    parts: 0,
    page: lazy(async () => (await import("./subscriptions/page.tsx")).SubscriptionsPage),
  },
  {
    name: "subscriptions",
    parts: 1,
    page: lazy(async () => (await import("./subscriptions/one.tsx")).SubscriptionPage),
  },
  { name: "sources", parts: 0, page: lazy(async () => (await import("./sources/page.tsx")).SourcesPage) },
  { name: "sources", parts: 1, page: lazy(async () => (await import("./sources/one.tsx")).SourcePage) },
  { name: "rejected", parts: 0, page: lazy(async () => (await import("./rejected/page.tsx")).RejectedPage) },
  {
    name: "rejected",
    parts: 1,
    page: lazy(async () => (await import("./rejected/one.tsx")).RejectedWebhookPage),
  },
  { name: "keys", parts: 0, page: lazy(async () => (await import("./keys/page.tsx")).KeysPage) },
];

export interface Found {
  readonly page: ComponentType<PageProps>;
  readonly parts: readonly string[];
}

export function findPage(path: string): Found | null {
  const [name = "", rest = ""] = /^\/([^/]*)\/?(.*)$/.exec(path)?.slice(1) ?? [];
  for (const route of routes) {
    if (route.name !== name || (route.parts === 0) !== (rest === "")) continue;
    const parts = route.parts === 0 ? [] : decodeParts(rest, route.parts);
    if (parts !== null) return { page: route.page, parts };
  }
  return null;
}

/** Anything else at this host is the API's. */
export function isPage(path: string): boolean {
  return findPage(path) !== null;
}
