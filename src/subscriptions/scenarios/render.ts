/** A scenario as a dialect: which events it sends, and the request it makes of each. */
import type { Status } from "../../model/status.ts";
import { failureStatuses, progressStatuses } from "../../model/status.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { holds } from "./conditions.ts";
import { requestOf, type Scenario } from "./parse.ts";
import { renderRequest } from "./request.ts";
import { valuesOf } from "./values.ts";

/** What triggers a scenario: the statuses of Texter's own table, of whichever provider. */
export const scenarioStatuses: readonly Status[] = [...progressStatuses, ...failureStatuses];

export function scenarioDialect(scenario: Scenario): Dialect {
  const { beforeConditions, afterConditions } = scenario.loaders;
  const aliases = [...beforeConditions, ...afterConditions].map((loader) => loader.alias);
  const alternatives = scenario.conditions.map((all) => all.map((condition) => condition.params));
  const request = requestOf(scenario);
  return {
    name: "texter",
    render: (event) => {
      const values = valuesOf(event, aliases);
      return values !== null && holds(alternatives, values) ? renderRequest(request, values) : null;
    },
  };
}
