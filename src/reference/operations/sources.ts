/** Sources and providers, and what of their webhooks could not be read. */
import * as limits from "../../model/limits.ts";
import { type Operation, pageParameters } from "../operation.ts";

const sourceQuery = { source: { description: "Only of this source." } };

export const sourceOperations: readonly Operation[] = [
  {
    id: "listProviders",
    method: "get",
    path: "/v1/providers",
    area: "Sources",
    summary: "List the providers, their credentials and how to set them up",
    description: "All at once: it takes neither `limit` nor `cursor`.",
    access: "sources:read",
    answers: { 200: { description: "All providers.", body: { page: "Provider" } } },
  },
  {
    id: "createSource",
    method: "post",
    path: "/v1/sources",
    area: "Sources",
    summary: "Create a source",
    description:
      "Credentials that are left out are made up and shown this once, in `auth` and `credentials`. A key that is bound to sources can't create any.",
    access: "sources:write",
    body: { name: "NewSource" },
    answers: {
      201: {
        description: "The source, with its generated credentials.",
        body: "SourceWithCredentials",
        headers: { Location: "The source's address." },
      },
    },
    conflicts: ["where the id is taken", `where there are ${limits.sourcesMax} sources`],
  },
  {
    id: "listSources",
    method: "get",
    path: "/v1/sources",
    area: "Sources",
    summary: "List sources",
    access: "sources:read",
    query: pageParameters,
    answers: { 200: { description: "A page of sources, by id.", body: { page: "Source" } } },
  },
  {
    id: "readSource",
    method: "get",
    path: "/v1/sources/{id}",
    area: "Sources",
    summary: "Read one source",
    access: "sources:read",
    answers: { 200: { description: "The source, secrets masked.", body: "Source" } },
  },
  {
    id: "changeSource",
    method: "patch",
    path: "/v1/sources/{id}",
    area: "Sources",
    summary: "Change a source",
    description:
      "Only what is given changes. New `auth` replaces the old at once; use `rotate` for an overlap. An inactive source answers providers 404. `credentials` is present where `auth` was given.",
    access: "sources:write",
    body: { name: "SourceChange" },
    answers: { 200: { description: "The source as it is now.", body: "Source" } },
    conflicts: ["when somebody else changes the credentials at the same time"],
  },
  {
    id: "deleteSource",
    method: "delete",
    path: "/v1/sources/{id}",
    area: "Sources",
    summary: "Delete a source",
    description: "Its messages stay until retention or erasure.",
    access: "sources:write",
    answers: { 204: { description: "Deleted." } },
  },
  {
    id: "rotateSource",
    method: "post",
    path: "/v1/sources/{id}/rotate",
    area: "Sources",
    summary: "Make new credentials for a source",
    description: "Old and new both hold for `overlapSeconds`.",
    access: "sources:write",
    body: { name: "CredentialRotation", optional: true },
    answers: { 200: { description: "The source, with its new credentials.", body: "SourceWithCredentials" } },
    conflicts: [
      "when somebody else changes the credentials at the same time",
      `where ${limits.overlappingCredentialsMax} sets of credentials hold already`,
      "where the deployment's key is lost under which they were sealed",
    ],
  },
];

export const rejectedOperations: readonly Operation[] = [
  {
    id: "listRejected",
    method: "get",
    path: "/v1/rejected",
    area: "Rejected webhooks",
    summary: "List webhooks that could not be read",
    access: "sources:read",
    query: { ...sourceQuery, ...pageParameters },
    answers: { 200: { description: "A page of them, newest first.", body: { page: "RejectedSummary" } } },
  },
  {
    id: "readRejected",
    method: "get",
    path: "/v1/rejected/{id}",
    area: "Rejected webhooks",
    summary: "Read one of them, with its body",
    access: "sources:read",
    answers: { 200: { description: "The webhook as it came, without its credentials.", body: "Rejected" } },
  },
  {
    id: "replayRejected",
    method: "post",
    path: "/v1/rejected/{id}/replay",
    area: "Rejected webhooks",
    summary: "Take it in once more",
    description:
      "The way it went when it came. What succeeds is recorded and no longer kept here; what is still bad stays, and is 422.",
    access: "sources:write",
    answers: { 200: { description: "What came of it.", body: "RejectedReplay" } },
    conflicts: ["where it was too long to be kept whole", "where its source is deleted or inactive"],
  },
  {
    id: "deleteRejected",
    method: "delete",
    path: "/v1/rejected/{id}",
    area: "Rejected webhooks",
    summary: "Delete it",
    access: "sources:write",
    answers: { 204: { description: "Deleted." } },
  },
];
