/** A source file as the rules of the house see it: its imports, its syntax tree, and where it stands. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";

export interface Import {
  readonly specifier: string;
  /** For our own files the path from the repository's root, else null. */
  readonly path: string | null;
  readonly typeOnly: boolean;
}

export interface SyntaxNode {
  readonly type: string;
  readonly [member: string]: unknown;
}

export interface Source {
  /** From the repository's root, with forward slashes: `src/message/store.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly program: SyntaxNode;
}

export function readSources(root: string, folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .toSorted()
    .map((path) => parseSource(path, readFileSync(join(root, path), "utf8")));
}

export function parseSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const root = program as unknown as SyntaxNode;
  return { path, text, program: root, imports: importsOf(path, root) };
}

/** Every node of the tree, parents before their children. */
export function* nodesOf(node: unknown): Generator<SyntaxNode> {
  if (Array.isArray(node)) {
    for (const item of node) yield* nodesOf(item);
    return;
  }
  if (!isNode(node)) return;
  yield node;
  for (const member of Object.values(node)) yield* nodesOf(member);
}

/** `name` of an identifier, `Date.now` of a member access of one; else null. */
export function nameOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === "Identifier") return String(node["name"]);
  if (node.type !== "MemberExpression" || node["computed"] === true) return null;
  const owner = nameOf(node["object"]);
  return owner === null ? null : `${owner}.${nameOf(node["property"])}`;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function importsOf(path: string, program: SyntaxNode): Import[] {
  const found: Import[] = [];
  for (const node of nodesOf(program)) {
    const source = node["source"];
    if (!isNode(source) || typeof source["value"] !== "string") continue;
    const specifier = source["value"];
    found.push({ specifier, path: resolveImport(path, specifier), typeOnly: isTypeOnly(node) });
  }
  return found;
}

function isTypeOnly(node: SyntaxNode): boolean {
  return node.type === "TSImportType" || node["importKind"] === "type" || node["exportKind"] === "type";
}

function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  const steps = from.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== ".") steps.push(step);
  }
  return steps.join("/");
}
