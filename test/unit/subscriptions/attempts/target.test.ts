import { describe, expect, it } from "vitest";
import type { Network } from "../../../../src/subscriptions/attempts/deliver.ts";
import {
  dnsOverHttps,
  judgeTarget,
  readTargetPolicy,
  type TargetPolicy,
} from "../../../../src/subscriptions/attempts/target.ts";

const strict = readTargetPolicy({ ALLOWED_TARGETS: "", PUBLIC_URL: "https://tickline.example.com" });
const publicName = async () => ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"];

async function kindOf(url: string, policy: TargetPolicy = strict, lookUp = publicName): Promise<string> {
  return (await judgeTarget(url, policy, lookUp)).kind;
}

const never = async () => {
  throw new Error("looked up");
};

describe("a target", () => {
  it.each([
    ["http://127.0.0.1:8787", "http://localhost:8787/in/demo-nifteem", "refused"],
    ["http://localhost:8787", "http://127.0.0.1:8787/", "refused"],
    ["http://localhost:8787", "http://[::1]:8787/", "refused"],
    ["http://localhost:8787", "http://127.0.0.1:9999/", "callable"],
  ])("is not the service itself under another name of its machine: %s, %s", async (own, url, kind) => {
    const policy = { allowed: ["localhost", "127.0.0.1", "[::1]"], own: [own] };
    expect(await kindOf(url, policy, never)).toBe(kind);
  });

  it("is called by https at a public name", async () => {
    for (const url of [
      "https://example.com/hook",
      "https://example.com:8443/a?b=c",
      "https://xn--bcher-kva.example/",
    ]) {
      expect(await kindOf(url)).toBe("callable");
    }
  });

  it.each([
    "http://example.com/",
    "ftp://example.com/",
    "javascript:alert(1)",
    "/relative",
    "https://user@example.com/",
    "https://user:password@example.com/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://10.0.0.1/",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[2606:4700::1111]/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://intranet/",
    "https://printer.local/",
    "https://db.internal/",
    "https://metadata.google.internal/",
    "https://app.localhost/",
    "https://example.com./",
    "https://①②⑦.0.0.1/",
    "https://tickline.example.com/in/x",
    "https://tickline.example.com:8443/",
  ])("%s is never called", async (url) => {
    expect(await kindOf(url)).toBe("refused");
  });

  it.each([
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["172.16.0.1"],
    ["192.168.0.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["0.0.0.0"],
    ["224.0.0.1"],
    ["255.255.255.255"],
    ["::1"],
    ["::"],
    ["fc00::1"],
    ["fe80::1"],
    ["::ffff:10.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
    ["nonsense"],
    ["93.184.216.34", "10.0.0.1"],
  ])("whose name leads to %s is never called", async (...addresses) => {
    expect(await kindOf("https://example.com/", strict, async () => addresses)).toBe("refused");
  });

  it("that cannot be looked up, or has no address yet, may be tried again", async () => {
    expect(await kindOf("https://example.com/", strict, async () => [])).toBe("unresolved");
    expect(
      await kindOf("https://example.com/", strict, async () => {
        throw new Error("unreachable");
      }),
    ).toBe("unresolved");
  });

  it("that the operator lists is called whatever it is, by host or by host and port, and without a look-up", async () => {
    const policy = readTargetPolicy({
      ALLOWED_TARGETS: " localhost , 127.0.0.1:9000,[::1],10.0.0.1:443 ",
      PUBLIC_URL: "http://localhost:8787",
    });
    const judge = (url: string) => kindOf(url, policy, never);
    expect(await judge("http://localhost:1234/hook")).toBe("callable");
    expect(await judge("http://127.0.0.1:9000/")).toBe("callable");
    expect(await judge("http://[::1]:5555/")).toBe("callable");
    expect(await judge("https://10.0.0.1/")).toBe("callable");
    expect(await judge("http://127.0.0.1:9001/")).toBe("refused");
    expect(await judge("http://10.0.0.1/")).toBe("refused");
    expect(await judge("http://user@localhost:1234/")).toBe("refused");
    expect(await judge("http://localhost:8787/in/demo")).toBe("refused");
  });
});

function aNetwork(answers: (name: string, type: string) => unknown) {
  const asked: string[] = [];
  let nowMs = 0;
  const network: Network = {
    fetch: async (url) => {
      const { searchParams } = new URL(url);
      const name = searchParams.get("name") ?? "";
      asked.push(name);
      return Response.json(answers(name, searchParams.get("type") ?? ""));
    },
    nowMs: () => nowMs,
    startTimeout: () => ({ signal: new AbortController().signal, stop: () => undefined }),
  };
  return { network, asked, wait: (ms: number) => (nowMs += ms) };
}

const record = (type: number, data: string, TTL: number) => ({ name: "x", type, TTL, data });

describe("the look-up", () => {
  it("asks for both kinds of address and remembers them for their lifetime, at most a minute", async () => {
    const { network, asked, wait } = aNetwork((_name, type) => ({
      Status: 0,
      Answer:
        type === "A"
          ? [record(5, "alias.example.com.", 300), record(1, "93.184.216.34", 300)]
          : [record(28, "2606:2800::1", 300)],
    }));
    const lookUp = dnsOverHttps(network);
    expect(await lookUp("example.com")).toEqual(["93.184.216.34", "2606:2800::1"]);
    wait(59_999);
    await lookUp("example.com");
    expect(asked).toHaveLength(2);
    wait(1);
    await lookUp("example.com");
    expect(asked).toHaveLength(4);
  });

  it("answers with nothing for a name that is none, and throws when the resolver fails, for five seconds", async () => {
    const { network, asked, wait } = aNetwork((name) => ({ Status: name === "none.example.com" ? 3 : 2 }));
    const lookUp = dnsOverHttps(network);
    expect(await lookUp("none.example.com")).toEqual([]);
    await expect(lookUp("failing.example.com")).rejects.toThrow("the resolver failed");
    const before = asked.length;
    await expect(lookUp("failing.example.com")).rejects.toThrow("no answer");
    expect(asked).toHaveLength(before);
    wait(5_000);
    await expect(lookUp("failing.example.com")).rejects.toThrow("the resolver failed");
    expect(asked.length).toBeGreaterThan(before);
  });
});
