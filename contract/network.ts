import { z } from 'zod';
import type { RecordKind } from './record.ts';

/** What the studio asks another program or machine for. */
export const networkPurposeSchema = z.enum([
  'picture', // a picture at an address
  'download', // models
  'language-model',
  'image-tool', // another program that draws
  'remote-model', // a model that runs elsewhere
  'update', // newer versions of the studio
]);
export type NetworkPurpose = z.infer<typeof networkPurposeSchema>;

/** What a request tells a host. `address`: what is asked for and where from; every request tells that. */
export const sentThingSchema = z.enum(['address', 'text', 'picture', 'settings', 'key']);
export type SentThing = z.infer<typeof sentThingSchema>;

/** What the studio keeps of an answer. */
export const keptThingSchema = z.enum(['picture', 'text', 'model', 'program']);
export type KeptThing = z.infer<typeof keptThingSchema>;

/** Scheme, host and port, as `URL.origin` writes them. */
export const originSchema = z
  .string()
  .max(300)
  .regex(/^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/, {
    message: 'must be an address such as https://example.com, in small letters and without a path',
  });

/** A person's standing yes: these things may go to this place for this purpose. */
export const consentSchema = z.object({
  origin: originSchema,
  purpose: networkPurposeSchema,
  sends: z.array(sentThingSchema).max(10),
  keeps: z.array(keptThingSchema).max(10),
  /** The words the person agreed to. */
  shown: z.string().max(1000),
  /** When, in milliseconds since the epoch. */
  givenMs: z.number().int().nonnegative(),
});
export type Consent = z.infer<typeof consentSchema>;

export const consentRequestSchema = consentSchema.omit({ givenMs: true });
export type ConsentRequest = z.infer<typeof consentRequestSchema>;

/** `network.json` in the data folder. */
export const consentListSchema = z.object({ consents: z.array(consentSchema) });
export type ConsentList = z.infer<typeof consentListSchema>;

/** Version 2 knows updates; an older studio would take such a list for a damaged one. */
const knowUpdates = (older: unknown): unknown => older;

export const consentListRecord: RecordKind<ConsentList> = {
  name: 'list of consents',
  version: 2,
  schema: consentListSchema,
  steps: [knowUpdates],
};

/** What went to one place for one purpose since the studio was started. Never what was in it. */
export const sentReportSchema = z.object({
  origin: z.string(),
  purpose: networkPurposeSchema,
  requests: z.number().int().nonnegative(),
  /** On the wire, with what the protocols add. */
  sentBytes: z.number().nonnegative(),
  receivedBytes: z.number().nonnegative(),
  /** Milliseconds since the epoch. */
  firstMs: z.number().nonnegative(),
  lastMs: z.number().nonnegative(),
});
export type SentReport = z.infer<typeof sentReportSchema>;

/** Names of keys, such as `openai`; `DEDIFFUSION_SECRET_OPENAI` in the environment. */
export const secretNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

/** That a key is set, and where; never the key. */
export const secretStateSchema = z.object({ name: secretNameSchema, from: z.enum(['environment', 'keychain']) });
export type SecretState = z.infer<typeof secretStateSchema>;

export const networkReportSchema = z.object({
  consents: z.array(consentSchema),
  sent: z.array(sentReportSchema),
  secrets: z.array(secretStateSchema),
});
export type NetworkReport = z.infer<typeof networkReportSchema>;
