/** Our own words: the event as the API shows it. Every event can be said in it. */
import type { Dialect } from "./dialect.ts";

export const tickline: Dialect = {
  name: "tickline",
  render: (event) => ({ body: JSON.stringify(event), contentType: "application/json" }),
};
