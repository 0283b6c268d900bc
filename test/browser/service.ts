/** One service for all browser tests, started before the first and stopped after the last. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { freePort, startService } from "../support/service.ts";

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stateDirectory = mkdtempSync(join(tmpdir(), "tickline-browser-"));
  const service = await startService({ port: await freePort(), stateDirectory });
  project.provide("origin", service.origin);
  project.provide("rootKey", service.rootKey);
  return async () => {
    await service.stop();
    rmSync(stateDirectory, { recursive: true, force: true });
  };
}
