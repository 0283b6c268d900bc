/**
 * Checks of what the API answers, small enough for a page: the members that the page cannot do without must be there.
 *
 * The full schemas are the service's; page and service are of one build, so a difference means an old page.
 */

export type Shape<Body> = (value: unknown) => value is Body;

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

export function shaped<Body extends object>(...members: readonly (keyof Body & string)[]): Shape<Body> {
  return (value): value is Body =>
    typeof value === "object" && value !== null && members.every((name) => Object.hasOwn(value, name));
}

export function pageOf<Item extends object>(...members: readonly (keyof Item & string)[]): Shape<Page<Item>> {
  const item = shaped<Item>(...members);
  const page = shaped<Page<Item>>("data");
  return (value): value is Page<Item> => page(value) && Array.isArray(value.data) && value.data.every(item);
}

/** For answers whose body nobody reads. */
export const anything: Shape<unknown> = (_value): _value is unknown => true;
