/**
 * Whether a kept webhook speaks of somebody or something: as a word of its own, so that `1` is not found in `+391`, and
 * however the provider's serializer has escaped it.
 */

export function mentionTest(text: string): (kept: string) => boolean {
  const forms = [text, JSON.stringify(text).slice(1, -1)].map(escapePattern).join("|");
  const word = new RegExp(`(?<![\\p{L}\\p{N}_+])(?:${forms})(?![\\p{L}\\p{N}_])`, "u");
  return (kept) => word.test(kept) || word.test(unescaped(kept));
}

/** Without what forms escape, and what JSON may: `%2B`, `\u002B`, `\/`. */
function unescaped(kept: string): string {
  return kept
    .replaceAll(/(?:%[\da-f]{2})+/gi, decoded)
    .replaceAll(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(String.raw`\/`, "/");
}

function decoded(bytes: string): string {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return bytes;
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
