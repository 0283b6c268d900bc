/** A service that one file of tests has to itself: its state outlives its deaths, and goes after the last test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { freePort, type Service, startService } from "./service.ts";

export interface OwnService {
  readonly stateDirectory: string;
  /** As it was started last. */
  readonly service: Service;
  /** The first time, and after each death: with the same state, at the same port. */
  readonly start: (environment?: Readonly<Record<string, string>>) => Promise<void>;
  /** With the root key; null where nothing is answered. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<unknown>;
}

export function ownService(name: string): OwnService {
  const stateDirectory = mkdtempSync(join(tmpdir(), `tickline-${name}-`));
  let service: Service | null = null;
  const started = (): Service => {
    if (service === null) throw new Error("it was not started yet");
    return service;
  };
  afterAll(async () => {
    await service?.stop();
    rmSync(stateDirectory, { recursive: true, force: true });
  });
  return {
    stateDirectory,
    get service() {
      return started();
    },
    start: async (environment = {}) => {
      const port = service?.port ?? (await freePort());
      service = await startService({ port, stateDirectory, environment });
    },
    ask: async (method, path, body): Promise<unknown> => {
      const { origin, rootKey } = started();
      const response = await fetch(`${origin}${path}`, {
        method,
        ...bearer(rootKey),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const said = await response.text();
      expect(response.ok, `${method} ${path}: ${response.status} ${said}`).toBe(true);
      return said === "" ? null : JSON.parse(said);
    },
  };
}

export function bearer(key: string): { headers: Record<string, string> } {
  return { headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" } };
}
