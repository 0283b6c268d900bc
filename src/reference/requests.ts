/** Every body that the API takes, by its name in the reference: the very schemas by which the routes refuse. */
import * as z from "zod/mini";
import { tokenRequestSchema } from "../feed/grant.ts";
import { keyChangeSchema, keyRotationSchema, newKeySchema } from "../keys/request.ts";
import { filterSchema } from "../model/filter.ts";
import * as limits from "../model/limits.ts";
import { statusSchema } from "../model/status.ts";
import { textUpTo } from "../model/text.ts";
import { newSourceSchema, rateLimitSchema, rotationSchema, sourceChangeSchema } from "../sources/request.ts";
import { messageReferenceSchema } from "../stream/socket.ts";
import { changeSchema, createSchema, replaySchema, rotateSchema } from "../subscriptions/request.ts";
import { importSchema, scenarioSchema } from "../subscriptions/scenarios/parse.ts";

export const requestSchemas = {
  NewSource: newSourceSchema,
  SourceChange: sourceChangeSchema,
  CredentialRotation: rotationSchema,
  NewKey: newKeySchema,
  KeyChange: keyChangeSchema,
  KeyRotation: keyRotationSchema,
  StreamTokenRequest: tokenRequestSchema,
  MessageReference: messageReferenceSchema,
  NewSubscription: createSchema,
  SubscriptionChange: changeSchema,
  SecretRotation: rotateSchema,
  ReplayRequest: replaySchema,
  ScenarioImport: z.strictObject({ ...importSchema.shape, data: scenarioSchema }),
  ErasureRequest: z.strictObject({
    recipient: textUpTo(limits.labelBytesMax),
  }),
  Filter: filterSchema,
  RateLimit: rateLimitSchema,
  Status: statusSchema,
} as const;
