/** Rows that change places glide there, and rows that changed light up once; nothing moves for who asked for calm. */

const glideMs = 180;
const glowMs = 1_200;

export function topsOf(body: HTMLElement): Map<string, number> {
  const tops = new Map<string, number>();
  for (const row of rowsOf(body)) tops.set(row.dataset["key"] ?? "", row.offsetTop);
  return tops;
}

export function glide(
  body: HTMLElement,
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  changed: ReadonlySet<string>,
): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const edge = innerHeight + scrollY;
  for (const row of rowsOf(body)) {
    const key = row.dataset["key"] ?? "";
    const to = after.get(key) ?? 0;
    if (to > edge) break;
    const from = before.get(key);
    if (from !== undefined && from !== to) {
      row.animate([{ transform: `translateY(${from - to}px)` }, { transform: "none" }], {
        duration: glideMs,
        easing: "ease-out",
      });
    }
    if (changed.has(key)) {
      row.animate([{ backgroundColor: "var(--glow)" }, { backgroundColor: "transparent" }], {
        duration: glowMs,
        easing: "ease-in",
      });
    }
  }
}

function rowsOf(body: HTMLElement): HTMLElement[] {
  return [...body.children].filter((row) => row instanceof HTMLElement);
}
