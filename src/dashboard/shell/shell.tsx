/** The frame around every page: where one can go with this key, and the few things that hold everywhere. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Scope } from "../../model/access.ts";
import { path } from "../state/address.ts";
import { setTheme, theme, type Theme, themes } from "../state/preferences.ts";
import { type Identity, identity, may, signOut } from "../state/session.ts";
import { Wordmark } from "./wordmark.tsx";

interface Place {
  readonly href: string;
  readonly label: string;
  readonly scope: Scope;
}

const places: readonly Place[] = [
  { href: "/", label: "Live", scope: "messages:read" },
  { href: "/overview", label: "Overview", scope: "messages:read" },
  { href: "/subscriptions", label: "Subscriptions", scope: "subscriptions:read" },
  { href: "/sources", label: "Sources", scope: "sources:read" },
  { href: "/rejected", label: "Rejected", scope: "sources:read" },
  { href: "/keys", label: "Keys", scope: "keys:write" },
];

export function Shell({ children }: { readonly children: ComponentChildren }) {
  const nav = useRef<HTMLElement>(null);
  const here = path.value;
  // On a phone the places do not all fit.
  useEffect(
    () =>
      nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }),
    [here],
  );
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="side">
        <a class="side-name" href="/" aria-label="Tickline, live table">
          <Wordmark />
        </a>
        <nav ref={nav} class="side-nav" aria-label="Pages">
          {places
            .filter(({ scope }) => may(scope))
            .map((place) => (
              <a key={place.href} href={place.href} aria-current={isHere(place.href) ? "page" : undefined}>
                {place.label}
              </a>
            ))}
        </nav>
        <Foot />
      </header>
      <main id="main" class="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function isHere(href: string): boolean {
  if (href === "/") return /^\/(?:messages\/|groups\/|$)/.test(path.value);
  return path.value === href || path.value.startsWith(`${href}/`);
}

function whoText({ keyId, sources }: Identity): string {
  const name = keyId === "root" ? "Root key" : keyId;
  if (sources === null) return name;
  return `${name}, ${sources.length === 1 ? "one source" : `${sources.length} sources`}`;
}

const themeLabels: Readonly<Record<Theme, string>> = {
  system: "System",
  light: "Light",
  dark: "Dark",
};

function Foot() {
  const who = identity.value;
  return (
    <div class="side-foot">
      <label class="side-theme">
        <span>Theme</span>
        <select
          value={theme.value}
          onChange={(change) =>
            setTheme(themes.find((name) => name === change.currentTarget.value) ?? "system")
          }
        >
          {themes.map((name) => (
            <option key={name} value={name}>
              {themeLabels[name]}
            </option>
          ))}
        </select>
      </label>
      <a href="/docs">API documentation</a>
      <p class="side-who soft small">{who === null ? "" : whoText(who)}</p>
      <button type="button" class="button button-small" onClick={() => signOut(null)}>
        Sign out
      </button>
    </div>
  );
}
