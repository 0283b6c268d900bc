/** The frame of a page: its one heading, which takes the focus when the page is opened, and its title in the tab. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

interface PageProps {
  readonly title: string;
  /** Instead of the title, where the heading is more than text. */
  readonly heading?: ComponentChildren;
  readonly intro?: ComponentChildren;
  /** Buttons beside the heading. */
  readonly actions?: ComponentChildren;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** The first page of a visit leaves the focus where the browser put it. */
let visited = false;

export function PageFrame({ title, heading = title, intro, actions, wide = false, children }: PageProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Tickline`;
  }, [title]);
  // Before the heading is painted: whoever sees the new page types into it, and not into nothing.
  useLayoutEffect(() => {
    if (visited) head.current?.focus({ preventScroll: true });
    visited = true;
  }, []);
  return (
    <div class={wide ? "page page-wide" : "page"}>
      <header class="page-head">
        <div class="page-heading">
          <h1 ref={head} tabIndex={-1}>
            {heading}
          </h1>
          {intro !== undefined && <div class="page-intro">{intro}</div>}
        </div>
        {actions !== undefined && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
