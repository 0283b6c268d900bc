/** Why a message failed: the provider's code and text, and by the provider's table what kind of failure that is. */
import * as limits from "../model/limits.ts";
import type { Reason, ReasonKind } from "../model/reason.ts";

/** By the provider's code: the kind, and whether sending the same again can't help (null: nobody says). */
export type ReasonTable = ReadonlyMap<string, readonly [kind: ReasonKind, permanent: boolean | null]>;

/** The same, written by what the codes have in common; the codes are separated by spaces. */
export function reasonTable(
  rows: readonly (readonly [kind: ReasonKind, permanent: boolean | null, codes: string])[],
): ReasonTable {
  return new Map(
    rows.flatMap(([kind, permanent, codes]) =>
      codes.split(" ").map((code) => [code, [kind, permanent]] as const),
    ),
  );
}

/** A code is short; a longer one is no code that any table knows. */
const CODE_CHARACTERS_MAX = 100;

/** Null if the provider gave neither a code nor a text. */
export function reasonOf(table: ReasonTable, code: string | null, text: string | null): Reason | null {
  if (code === null && text === null) return null;
  const [kind, permanent] = (code === null ? undefined : table.get(code)) ?? ["unknown", null];
  return describeReason(kind, code, text, permanent);
}

export function describeReason(
  kind: ReasonKind,
  code: string | null,
  text: string | null,
  permanent: boolean | null,
): Reason {
  return {
    kind,
    code: cut(code, CODE_CHARACTERS_MAX),
    text: cut(text, limits.reasonTextCharactersMax),
    permanent,
  };
}

/** A cut may fall between the halves of a character. */
function cut(text: string | null, charactersMax: number): string | null {
  return text?.slice(0, charactersMax).toWellFormed() ?? null;
}
