/** Where a provider finds its source, and where a request came to. A token in an address is a secret. */
import type { JsonObject } from "../model/json.ts";

/** The deployment's own origin: as its operator says, else as this request was addressed. */
export function publicOrigin(publicUrl: string, requestUrl: string): string {
  return publicUrl === "" ? new URL(requestUrl).origin : publicUrl.replace(/\/+$/, "");
}

/** The URL to give to the provider; with the token, or with what stands for it. */
export function ingestUrl(origin: string, id: string, token: string | null): string {
  return token === null ? `${origin}/in/${id}` : `${origin}/in/${id}/${token}`;
}

/** The token in the address, or its mask if these are the entries as shown. Null where the address needs none. */
export function urlTokenOf(entries: readonly JsonObject[]): string | null {
  const token = entries.find(({ type }) => type === "urlToken")?.["token"];
  return typeof token === "string" ? token : null;
}

/** Only whoever sits at the machine itself may make the sources for trying out, whose credentials everybody knows. */
export function isLoopback(requestUrl: string): boolean {
  const { hostname } = new URL(requestUrl);
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
