/** API keys, and the service's own pages. */
import * as limits from "../../model/limits.ts";
import { type Operation, pageParameters } from "../operation.ts";

export const keyOperations: readonly Operation[] = [
  {
    id: "createKey",
    method: "post",
    path: "/v1/keys",
    area: "Keys",
    summary: "Create a key",
    description:
      "It can have no scope, source or longer life than the key that makes it. `key` is shown this once.",
    access: "keys:write",
    body: { name: "NewKey" },
    answers: {
      201: { description: "The key.", body: "KeyWithSecret", headers: { Location: "The key's address." } },
    },
    conflicts: [`where there are ${limits.keysMax} keys`],
  },
  {
    id: "listKeys",
    method: "get",
    path: "/v1/keys",
    area: "Keys",
    summary: "List keys",
    access: "keys:write",
    query: pageParameters,
    answers: { 200: { description: "A page of keys, newest first.", body: { page: "Key" } } },
  },
  {
    id: "readKey",
    method: "get",
    path: "/v1/keys/{id}",
    area: "Keys",
    summary: "Read one key",
    access: "keys:write",
    answers: { 200: { description: "The key, without its secret.", body: "Key" } },
  },
  {
    id: "changeKey",
    method: "patch",
    path: "/v1/keys/{id}",
    area: "Keys",
    summary: "Change a key",
    description: "Only what is given changes. Taking something away closes the sockets that the key opened.",
    access: "keys:write",
    body: { name: "KeyChange" },
    answers: { 200: { description: "The key as it is now.", body: "Key" } },
  },
  {
    id: "deleteKey",
    method: "delete",
    path: "/v1/keys/{id}",
    area: "Keys",
    summary: "Delete a key",
    description:
      "No request that makes, changes or deletes something begins with it any more, and none that reads after at most 10 s; its sockets on the feed are closed.",
    access: "keys:write",
    answers: { 204: { description: "Deleted." } },
  },
  {
    id: "rotateKey",
    method: "post",
    path: "/v1/keys/{id}/rotate",
    area: "Keys",
    summary: "Make a new secret for a key",
    description: "Old and new both hold for `overlapSeconds`; 0 ends the old one and closes its sockets.",
    access: "keys:write",
    body: { name: "KeyRotation", optional: true },
    answers: { 200: { description: "The key, with its new secret.", body: "KeyWithSecret" } },
    conflicts: [`where ${limits.overlappingCredentialsMax} secrets of the key hold already`],
  },
  {
    id: "readSelf",
    method: "get",
    path: "/v1/me",
    area: "Keys",
    summary: "Read what the presented key may do",
    access: "anyKey",
    answers: { 200: { description: "Its scopes, sources and end.", body: "Self" } },
  },
];

export const serviceOperations: readonly Operation[] = [
  {
    id: "readHealth",
    method: "get",
    path: "/health",
    area: "Service",
    summary: "Ask whether the service can work",
    description:
      "503 tells the reason in `detail`: a secret that is missing, or a database that does not answer.",
    access: "public",
    answers: { 200: { description: "The secrets are in order and the database answers.", body: "Health" } },
    problems: ["unavailable"],
  },
];
