/** A page whose code is fetched when it is opened first. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PageProps } from "./pages.ts";
import { Loading } from "./parts/notice.tsx";

export function lazy(load: () => Promise<ComponentType<PageProps>>): ComponentType<PageProps> {
  let loaded: ComponentType<PageProps> | null = null;
  return function LazyPage(props) {
    const [state, setState] = useState<"loading" | "ready" | "failed">(loaded === null ? "loading" : "ready");
    useEffect(() => {
      if (loaded !== null) return;
      load().then(
        (page) => {
          loaded = page;
          setState("ready");
        },
        () => setState("failed"),
      );
    }, []);
    if (state === "failed") return <Outdated />;
    if (loaded === null) return <Loading what="the page" />;
    const Page = loaded;
    return <Page {...props} />;
  };
}

/** After a deployment, the code that an open page knows of is gone. */
function Outdated() {
  return (
    <div class="page">
      <div class="notice">
        <p class="notice-title">This part of the page could not be loaded</p>
        <p>A new version may be out, or the connection is gone.</p>
        <button type="button" class="button button-main" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    </div>
  );
}
