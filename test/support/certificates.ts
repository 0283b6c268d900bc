/** Certificates for TLS servers of a test, made afresh with Node alone: no key of them is in the repository. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Certified {
  readonly commonName: string;
  readonly key: KeyObject;
  /** PEM. */
  readonly certificate: string;
}

/** One that vouches for others. */
export function anAuthority(commonName: string): Certified {
  const { privateKey: key, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const isAuthority = extension(identifiers.basicConstraints, sequence(element(0x01, [0xff])));
  const by = { commonName, key };
  return { commonName, key, certificate: certify({ commonName, publicKey, by, extensions: [isAuthority] }) };
}

/** Of a server with this host name; without an authority it vouches for itself. */
export function aCertificate(hostName: string, authority: Certified | null): Certified {
  const { privateKey: key, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const names = extension(identifiers.subjectAltName, sequence(element(0x82, ascii(hostName))));
  const by = authority ?? { commonName: hostName, key };
  const certificate = certify({ commonName: hostName, publicKey, by, extensions: [names] });
  return { commonName: hostName, key, certificate };
}

/** A piece of DER. */
type Bytes = readonly number[];

interface Certification {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly by: Pick<Certified, "commonName" | "key">;
  readonly extensions: readonly Bytes[];
}

/** RFC 5280, 4.1. */
function certify({ commonName, publicKey, by, extensions }: Certification): string {
  const version3 = element(0xa0, integer([2]));
  const serial = integer([1, ...randomBytes(15)]);
  const validity = sequence(element(0x17, ascii("200101000000Z")), element(0x17, ascii("491231235959Z")));
  const algorithm = sequence(element(0x06, identifiers.ecdsaWithSha256));
  const signed = sequence(
    version3,
    serial,
    algorithm,
    distinguishedName(by.commonName),
    validity,
    distinguishedName(commonName),
    [...publicKey.export({ type: "spki", format: "der" })],
    element(0xa3, sequence(...extensions)),
  );
  const signature = element(0x03, [0, ...sign("sha256", Uint8Array.from(signed), by.key)]);
  const text = btoa(String.fromCharCode(...sequence(signed, algorithm, signature)));
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
}

/** Object identifiers, as DER writes them. */
const identifiers = {
  commonName: [0x55, 0x04, 0x03],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
} as const;

function distinguishedName(commonName: string): Bytes {
  const name = sequence(element(0x06, identifiers.commonName), element(0x0c, ascii(commonName)));
  return sequence(element(0x31, name));
}

function extension(identifier: Bytes, value: Bytes): Bytes {
  return sequence(element(0x06, identifier), element(0x04, value));
}

function integer(value: Bytes): Bytes {
  return element(0x02, value);
}

function sequence(...parts: readonly Bytes[]): Bytes {
  return element(0x30, parts.flat());
}

/** The tag, the length of the value in as few bytes as it takes, and the value. */
function element(tag: number, value: Bytes): Bytes {
  const { length } = value;
  if (length < 0x80) return [tag, length, ...value];
  return [tag, ...(length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]), ...value];
}

function ascii(text: string): Bytes {
  return [...new TextEncoder().encode(text)];
}
