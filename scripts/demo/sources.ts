/** The three sources for trying out: how they are made, through the public API alone, and how to knock. */
import { origin } from "../local.ts";

export interface DemoSource {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly auth: readonly Readonly<Record<string, string>>[];
  /** As shown to a person. */
  readonly door: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const demoSources = [
  {
    id: "demo-nifteem",
    provider: "nifteem",
    name: "Demo: Nifteem",
    auth: [{ type: "header", name: "X-API-Key", value: "demo" }],
    door: "POST /in/demo-nifteem         X-API-Key: demo",
    path: "/in/demo-nifteem",
    headers: { "X-API-Key": "demo" },
  },
  {
    id: "demo-callbell",
    provider: "callbell",
    name: "Demo: Callbell",
    auth: [{ type: "urlToken", token: "demo" }],
    door: "POST /in/demo-callbell/demo",
    path: "/in/demo-callbell/demo",
    headers: {},
  },
  {
    id: "demo-texter",
    provider: "texter",
    name: "Demo: Texter",
    auth: [{ type: "header", name: "Authorization", value: "Bearer demo" }],
    door: "POST /in/demo-texter          Authorization: Bearer demo",
    path: "/in/demo-texter",
    headers: { Authorization: "Bearer demo" },
  },
] as const satisfies readonly DemoSource[];

/** Makes the source if it is not there; one that is stays as its owner left it. */
export async function makeDemoSource(source: DemoSource, rootKey: string): Promise<void> {
  const authorization = { Authorization: `Bearer ${rootKey}` };
  const found = await fetch(`${origin}/v1/sources/${source.id}`, { headers: authorization });
  if (found.ok) return;
  const { id, provider, name, auth } = source;
  const made = await fetch(`${origin}/v1/sources`, {
    method: "POST",
    headers: { ...authorization, "Content-Type": "application/json" },
    body: JSON.stringify({ id, provider, name, auth }),
  });
  if (!made.ok) console.error(`Could not make ${id} (${made.status}): ${await made.text()}`);
}
