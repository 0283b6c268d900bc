/**
 * `npm test`: everything that must hold before a change goes in, in one command.
 *
 * All static checks run even when one fails, then all tests; the last line counts both. Exits 1 if anything failed.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { quietEnvironment, repository } from "./local.ts";

interface Step {
  readonly name: string;
  readonly command: string;
  /** Its output is worth reading even when it holds. */
  readonly says?: true;
}

const steps: readonly Step[] = [
  // First: the examples, and what checks them, import what it makes.
  { name: "client", command: "tsc -p src/client" },
  { name: "lint", command: "oxlint" },
  { name: "format", command: "oxfmt --check" },
  { name: "types", command: "tsc -p ." },
  { name: "types of tests", command: "tsc -p test" },
  { name: "types of dashboard tests", command: "tsc -p test/browser" },
  { name: "types of scripts", command: "tsc -p scripts" },
  { name: "types of the dashboard", command: "tsc -p src/dashboard" },
  { name: "types of the client, as others see them", command: "tsc -p examples" },
  {
    name: "types of bindings",
    command: "wrangler types --check --include-runtime=false --strict-vars=false",
  },
  { name: "dead code", command: "knip" },
  { name: "dashboard", command: "node scripts/dashboard.ts" },
  { name: "bundle", command: "node scripts/bundle.ts", says: true },
];

const testReportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const outcomes: boolean[] = [];
for (const step of steps) outcomes.push(await runStep(step));
const tests = await runTests();

const passedTotal = outcomes.filter((outcome) => outcome).length + tests.passed;
const failedTotal = outcomes.filter((outcome) => !outcome).length + tests.failed;
console.log(`\n${passedTotal} passed, ${failedTotal} failed`);
process.exitCode = failedTotal === 0 ? 0 : 1;

/** One line when it holds; all that the tool said when it does not. */
async function runStep({ name, command, says }: Step): Promise<boolean> {
  const startMs = performance.now();
  const { code, output } = await run(command, "pipe");
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (code !== 0 || says) console.log(output.trimEnd());
  return code === 0;
}

/** A file that cannot be loaded counts as one failure; so does a run that breaks outside any test. */
async function runTests(): Promise<{ passed: number; failed: number }> {
  const directory = await mkdtemp(join(tmpdir(), "tickline-test-"));
  const reportPath = join(directory, "report.json");
  try {
    const command = `vitest run --reporter=default --reporter=json --outputFile.json=${reportPath}`;
    const { code } = await run(command, "inherit");
    const report = testReportSchema.safeParse(
      await readFile(reportPath, "utf8").then(JSON.parse, () => null),
    );
    if (!report.success) return { passed: 0, failed: 1 };
    const { numPassedTests, numFailedTests, testResults } = report.data;
    const unread = testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.length === 0,
    );
    const failed = numFailedTests + unread.length;
    return { passed: numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function run(command: string, output: "pipe" | "inherit"): Promise<{ code: number; output: string }> {
  const child = spawn(command, {
    cwd: repository,
    env: { ...process.env, ...quietEnvironment },
    shell: true,
    stdio: ["ignore", output, output],
  });
  let text = "";
  const collect = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: text }));
  });
}
