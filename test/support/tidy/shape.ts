/** How files are named, arranged and connected. */
import { isBrowser, type Rule } from "./rule.ts";
import { type Import, isNode, nodesOf, type Source, type SyntaxNode } from "./source.ts";

const drawers = new Set(["utils", "util", "lib", "helpers", "common", "shared", "misc"]);

export const noDrawers: Rule = {
  name: "no folder or file is a drawer for anything",
  faults: (sources) =>
    sources
      .filter(({ path }) => path.split("/").some((step) => drawers.has(step.replace(/\.tsx?$/, ""))))
      .map(({ path }) => path),
  bad: { "src/message/utils/time.ts": "", "src/http/helpers.ts": "" },
};

export const noBarrels: Rule = {
  name: "no file only passes on what others export",
  faults: (sources) => sources.filter(isBarrel).map(({ path }) => path),
  bad: {
    "src/message/index.ts": `export * from "./reducer.ts"; export { x } from "./store.ts";`,
    "src/model/all.ts": `import { x } from "./x.ts"; export { x };`,
  },
};

export const noDefaultExports: Rule = {
  name: "only the Worker has a default export",
  faults: (sources) =>
    sources
      .filter(({ path }) => path !== "src/index.ts")
      .filter((source) => bodyOf(source).some((node) => node.type === "ExportDefaultDeclaration"))
      .map(({ path }) => path),
  bad: { "src/message/reducer.ts": "export default function reduce() {}" },
};

export const noCycles: Rule = {
  name: "no file imports itself by a detour (types are gone when it runs)",
  faults: (sources) => {
    const graph = new Map(sources.map(({ path, imports }) => [path, valuesOf(imports)]));
    return sources
      .filter(({ path }) => reaches(graph, path, path))
      .map(({ path }) => `${path} stands in a circle`);
  },
  bad: {
    "src/model/a.ts": `import { b } from "./b.ts"; export const a = b;`,
    "src/model/b.ts": `import { c } from "./c.ts"; export const b = c;`,
    "src/model/c.ts": `import { a } from "./a.ts"; export const c = a;`,
  },
};

export const classesAreObjects: Rule = {
  name: "the only classes are Durable Objects",
  faults: (sources) =>
    sources.flatMap((source) =>
      [...nodesOf(source.program)]
        .filter((node) => node.type === "ClassDeclaration" || node.type === "ClassExpression")
        .filter((node) => !isNode(node["superClass"]) || node["superClass"]["name"] !== "DurableObject")
        .map(() => `${source.path} has a class`),
    ),
  bad: { "src/message/a.ts": "export class Ledger {}", "src/message/b.ts": "const x = class extends Y {};" },
};

export const opensWithItsDecision: Rule = {
  name: "every file begins with a sentence on what it decides",
  faults: (sources) => sources.filter(({ text }) => !text.startsWith("/**")).map(({ path }) => path),
  bad: { "src/message/a.ts": `import "./b.ts";`, "src/message/b.ts": "// a remark" },
};

export const zodIsANamespace: Rule = {
  name: "zod is imported as a namespace, which costs a third of the bytes",
  faults: (sources) =>
    sources.flatMap((source) =>
      bodyOf(source)
        .filter((node) => node.type === "ImportDeclaration" && node["importKind"] !== "type")
        .filter((node) => isNode(node["source"]) && String(node["source"]["value"]).startsWith("zod"))
        .filter(
          (node) =>
            ![...nodesOf(node["specifiers"])].some((part) => part.type === "ImportNamespaceSpecifier"),
        )
        .map(() => source.path),
    ),
  bad: { "src/model/a.ts": `import { z } from "zod";`, "src/model/b.ts": `import z from "zod/v4";` },
};

export const zodIsTheSmallHalf: Rule = {
  name: "schemas are written with zod/mini: one method of the other half brings all of it into the Worker",
  faults: (sources) =>
    sources
      .filter(({ imports }) => imports.some(({ specifier }) => ["zod", "zod/v4"].includes(specifier)))
      .map(({ path }) => path),
  bad: {
    "src/model/a.ts": `import * as z from "zod";`,
    "src/model/b.ts": `import type * as z from "zod/v4";`,
  },
};

export const importsNameTheirFile: Rule = {
  name: "imports of our own files end in .ts",
  faults: (sources) =>
    sources
      .filter(({ path }) => !isBrowser(path))
      .flatMap((source) =>
        source.imports
          .filter(({ path }) => path !== null && !path.endsWith(".ts"))
          .map(({ specifier }) => `${source.path} imports ${specifier}`),
      ),
  bad: { "src/model/a.ts": `import { b } from "./b";` },
};

function isBarrel(source: Source): boolean {
  const statements = bodyOf(source).filter((node) => node.type !== "ImportDeclaration");
  return statements.length > 0 && statements.every(passesOn);
}

function passesOn(node: SyntaxNode): boolean {
  if (node.type === "ExportAllDeclaration") return true;
  return node.type === "ExportNamedDeclaration" && node["declaration"] === null;
}

function valuesOf(imports: readonly Import[]): (string | null)[] {
  return imports.filter(({ typeOnly }) => !typeOnly).map(({ path }) => path);
}

function reaches(
  graph: ReadonlyMap<string, readonly (string | null)[]>,
  from: string,
  goal: string,
  seen = new Set<string>(),
): boolean {
  return (graph.get(from) ?? []).some((next) => {
    if (next === goal) return true;
    if (next === null || seen.has(next)) return false;
    seen.add(next);
    return reaches(graph, next, goal, seen);
  });
}

function bodyOf(source: Source): SyntaxNode[] {
  const body = source.program["body"];
  return Array.isArray(body) ? body.filter(isNode) : [];
}
