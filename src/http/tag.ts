/** `If-None-Match`: whether the asker has already what we would send. By weak comparison, as RFC 9110 (13.1.2) asks. */

/** `tag` is ours, like `W/"3"`, and has no comma. */
export function namesTag(header: string | undefined, tag: string): boolean {
  const named = (header ?? "").split(",").map((text) => opaqueTag(text.trim()));
  return named.includes("*") || named.includes(opaqueTag(tag));
}

function opaqueTag(tag: string): string {
  return tag.replace(/^W\//, "");
}
