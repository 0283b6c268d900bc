/**
 * Ids in the addresses of pages.
 *
 * A host for static files decodes `%2F` and redirects, so a slash in an id is escaped once more; an address made by
 * others, which that host has redirected, still finds its page, because the last part may span slashes.
 */

export function encodePart(id: string): string {
  return encodeURIComponent(id.replaceAll("%", "%25").replaceAll("/", "%2F"));
}

/** Null for what is no address of ours. `count` parts are wanted; the last one takes all that is left. */
export function decodeParts(path: string, count: number): string[] | null {
  const given = path.split("/");
  if (given.length < count) return null;
  const parts = [...given.slice(0, count - 1), given.slice(count - 1).join("/")];
  if (parts.includes("")) return null;
  try {
    return parts.map((part) => unescape(decodeURIComponent(part)));
  } catch {
    return null;
  }
}

function unescape(text: string): string {
  return text.replaceAll("%2F", "/").replaceAll("%25", "%");
}
