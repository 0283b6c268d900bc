import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { verifiedClaims } from "../../../src/providers/jwt.ts";

const claims = { iss: "a vendor", iat: 1_700_000_000 };

test.each([
  ["HS256", "sha256"],
  ["HS384", "sha384"],
  ["HS512", "sha512"],
])("a token of %s gives its claims", async (alg, hash) => {
  expect(await verifiedClaims(tokenOf({ alg }, claims, hash), "secret")).toEqual(claims);
});

test("a signature holds only as what its header says it is", async () => {
  for (const header of [{ alg: "none" }, { alg: "RS256" }, { alg: "HS512" }, { alg: 256 }, {}, [], null]) {
    expect(await verifiedClaims(tokenOf(header, claims), "secret"), JSON.stringify(header)).toBeNull();
  }
});

test("a token has three parts, each spelled in its one way", async () => {
  const token = tokenOf({ alg: "HS256" }, claims);
  const wrong = ["", ".", "..", token.slice(0, -1), `${token}=`, `${token}.`, `${token}.x`, ` ${token}`];
  for (const text of [...wrong, token.replace(/\.[^.]*$/, "."), token.split(".").slice(0, 2).join(".")]) {
    expect(await verifiedClaims(text, "secret"), text).toBeNull();
  }
});

test("claims that are no JSON are no claims", async () => {
  const header = encoded(JSON.stringify({ alg: "HS256" }));
  for (const text of ["", "{", "\u0000"]) {
    const signed = `${header}.${encoded(text)}`;
    expect(await verifiedClaims(`${signed}.${signature(signed, "sha256")}`, "secret")).toBeNull();
  }
});

function tokenOf(header: unknown, payload: unknown, hash = "sha256"): string {
  const signed = `${encoded(JSON.stringify(header))}.${encoded(JSON.stringify(payload))}`;
  return `${signed}.${signature(signed, hash)}`;
}

function signature(signed: string, hash: string): string {
  return createHmac(hash, "secret").update(signed).digest("base64url");
}

function encoded(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}
