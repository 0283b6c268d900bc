/** Where the page is: the address as a signal. Everything that a reload must keep stands in it. */
import { computed, signal } from "@preact/signals";

interface Address {
  readonly path: string;
  readonly search: string;
}

const address = signal<Address>(read());

export const path = computed(() => address.value.path);
export const search = computed(() => new URLSearchParams(address.value.search));

export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  const moved = location.pathname !== address.peek().path;
  address.value = read();
  if (moved && !replace) scrollTo(0, 0);
}

/** Changes parts of the query and keeps the rest; an empty value removes its name. */
export function setSearch(changes: Readonly<Record<string, string | null>>): void {
  const next = new URLSearchParams(search.peek());
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  navigate(`${location.pathname}${text === "" ? "" : `?${text}`}`);
}

/** Links between pages need no round trip; everything else (new tab, download, the API's own pages) stays a link. */
export function followLinksHere(isOurs: (path: string) => boolean): void {
  addEventListener("popstate", () => {
    address.value = read();
  });
  document.addEventListener("click", (click) => {
    if (click.defaultPrevented || click.button !== 0) return;
    if (click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
    const link = click.target instanceof Element ? click.target.closest("a") : null;
    if (link === null || link.target !== "" || link.hasAttribute("download")) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin || !isOurs(to.pathname) || to.hash !== "") return;
    click.preventDefault();
    navigate(to.pathname + to.search);
  });
}

function read(): Address {
  return { path: location.pathname, search: location.search };
}
