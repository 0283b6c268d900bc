/** How values stand in lines for a shell. */

/** What stands where a secret was. */
export const mask = "…";

/** Nothing inside single quotes has a meaning. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
