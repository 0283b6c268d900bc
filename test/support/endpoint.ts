/** An endpoint of one file of tests, on loopback from before its first test until after its last. */
import { createServer, type ServerResponse } from "node:http";
import { afterAll, beforeAll } from "vitest";

export interface Arrived {
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

export interface Endpoint {
  /** Known from the first test on. */
  readonly origin: string;
  /** All that came, the oldest first. */
  readonly arrived: readonly Arrived[];
}

/** `answer` may leave a request hanging. */
export function ownEndpoint(answer: (response: ServerResponse, arrived: Arrived) => void): Endpoint {
  const arrived: Arrived[] = [];
  let origin = "";
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const one = { path: request.url ?? "", headers: request.headers, body };
      arrived.push(one);
      answer(response, one);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    arrived,
    get origin() {
      return origin;
    },
  };
}
