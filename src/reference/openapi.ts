/** The whole service as OpenAPI 3.1: built of the table of operations and of the schemas, and of nothing else. */
import type { Json, JsonObject } from "../model/json.ts";
import { scopes } from "../model/access.ts";
import { version } from "../model/version.ts";
import type { answerSchemas } from "./answers.ts";
import { componentSchemas, referenceTo } from "./components.ts";
import { examples } from "./examples.ts";
import {
  type Answer,
  areas,
  conflictWords,
  headersOf,
  isKeyed,
  type Operation,
  type Parameter,
  pathNamesOf,
  problemsOf,
} from "./operation.ts";
import { operations } from "./operations.ts";
import { problemNotes } from "./problems.ts";
import { areaWords, introduction, pathWords } from "./prose.ts";
import { webhooks } from "./webhooks.ts";

export function openApi(): JsonObject {
  return {
    openapi: "3.1.0",
    info: {
      title: "Tickline",
      version,
      summary: "Delivery statuses of messaging providers, put in order, kept, and fanned out.",
      description: introduction,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The deployment that serves this description." }],
    tags: areas.map((name) => ({ name, description: areaWords[name] })),
    paths: pathsOf(operations),
    webhooks: webhooks(),
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: `A key. Scopes: ${scopes.join(", ")}.` },
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "The same key." },
      },
      headers: {
        "Request-Id": { description: "Names this request, also in the logs.", schema: { type: "string" } },
        "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } },
      },
      responses: problemResponses(),
      schemas: componentSchemas(),
    },
  };
}

function pathsOf(all: readonly Operation[]): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of all) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return paths;
}

function describe(operation: Operation): JsonObject {
  const { id, area, summary, description, body } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [area],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(operation),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [status, response(answer)]),
      ),
      ...problemReferences(operation),
    },
  };
}

/** For bearer and API keys the list names the scopes. What providers prove is their source's own affair. */
function securityOf(operation: Operation): Json {
  if (!isKeyed(operation)) return [];
  const needed = operation.access === "anyKey" ? [] : [operation.access];
  return [{ bearer: needed }, { apiKey: needed }];
}

function parametersOf(operation: Operation): JsonObject[] {
  return [
    ...pathNamesOf(operation).map((name) => parameter("path", name, pathWords(name))),
    ...Object.entries(operation.query ?? {}).map(([name, said]) => parameter("query", name, said)),
    ...Object.entries(headersOf(operation)).map(([name, said]) => parameter("header", name, said)),
  ];
}

function parameter(
  place: "path" | "query" | "header",
  name: string,
  { description, schema = { type: "string" }, example }: Parameter,
): JsonObject {
  return {
    name,
    in: place,
    required: place === "path",
    description,
    schema: { ...schema },
    ...(example === undefined ? {} : { example: schema["type"] === "integer" ? Number(example) : example }),
  };
}

function requestBody({ name, optional }: NonNullable<Operation["body"]>): JsonObject {
  if (name === "any") {
    return {
      description: "As the provider sends it.",
      content: { "application/json": { schema: {} }, "application/x-www-form-urlencoded": { schema: {} } },
    };
  }
  return { required: optional !== true, content: { "application/json": { schema: referenceTo(name) } } };
}

function response({ description, body, headers = {} }: Answer): JsonObject {
  return {
    description,
    headers: {
      "Request-Id": { $ref: "#/components/headers/Request-Id" },
      ...Object.fromEntries(
        Object.entries(headers).map(([name, said]) => [
          name,
          { description: said, schema: { type: "string" } },
        ]),
      ),
    },
    ...(body === undefined ? {} : { content: contentOf(body) }),
  };
}

function contentOf(body: NonNullable<Answer["body"]>): JsonObject {
  if (typeof body === "string") return { "application/json": { schema: referenceTo(body) } };
  if ("text" in body) return { "text/plain": { schema: { type: "string" }, example: body.text } };
  return { "application/json": { schema: pageOf(body.page) } };
}

function pageOf(name: keyof typeof answerSchemas): JsonObject {
  return {
    type: "object",
    properties: {
      data: { type: "array", items: referenceTo(name) },
      nextCursor: { type: ["string", "null"], description: "For the next page; null on the last." },
    },
    required: ["data", "nextCursor"],
  };
}

function problemReferences(operation: Operation): JsonObject {
  const conflict = conflictWords(operation);
  return Object.fromEntries(
    problemsOf(operation).map((kind) => [
      String(problemNotes[kind].status),
      {
        $ref: `#/components/responses/${problemNotes[kind].slug}`,
        ...(kind === "conflict" && conflict !== null ? { description: conflict } : {}),
      },
    ]),
  );
}

function problemResponses(): JsonObject {
  return Object.fromEntries(
    Object.values(problemNotes).map(({ slug, title, status, meaning }) => [
      slug,
      {
        description: `${title}. ${meaning}`,
        headers: {
          "Request-Id": { $ref: "#/components/headers/Request-Id" },
          ...(status === 429 || status === 503
            ? { "Retry-After": { $ref: "#/components/headers/Retry-After" } }
            : {}),
        },
        content: {
          "application/problem+json": {
            schema: referenceTo("Problem"),
            example: problemExample(slug, title, status),
          },
        },
      },
    ]),
  );
}

function problemExample(slug: string, title: string, status: number): JsonObject {
  const { errors, instance, detail, type } = examples.Problem;
  const own = { type: type.replace(/#.*/, `#${slug}`), title, status };
  return slug === "invalid"
    ? { ...own, detail, instance, errors }
    : { ...own, detail: `${title}.`, instance };
}
