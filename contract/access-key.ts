import { z } from 'zod';
import { StudioError } from './errors.ts';
import { idSchema, sha256Schema, timestampMsSchema } from './identity.ts';
import { originSchema } from './network.ts';
import type { RecordKind } from './record.ts';

/**
 * What a program with an access key may do; each includes those before it. `read`: look at everything the studio shows. `draw`: also
 * add, read and draw pictures, and change texts and the library. `admin`: also settings, packs, connections, and what is gone for good.
 */
export const keyScopeSchema = z.enum(['read', 'draw', 'admin']);
export type KeyScope = z.infer<typeof keyScopeSchema>;

/** What whoever calls may do. `person`: everything, what only a person may say yes to among it; no key has it. */
export type Scope = KeyScope | 'person';
const scopes: readonly Scope[] = [...keyScopeSchema.options, 'person'];

/** @throws StudioError `not-allowed` where what is held does not include what is needed */
export function requireScope(held: Scope, needed: Scope): void {
  if (scopes.indexOf(held) >= scopes.indexOf(needed)) return;
  throw new StudioError(
    'not-allowed',
    needed === 'person'
      ? 'Only a person may do this, and no access key.'
      : `This needs the scope “${needed}”, and the access key has “${held}”.`,
    needed === 'person'
      ? 'Do it on the studio’s own page or with its command line.'
      : 'Create a key with that scope in Settings → Access keys, or with `dediffusion keys create`.',
    { held, needed },
  );
}

/** A key with which a program uses the studio over HTTP. What the program shows is nowhere here. */
export const accessKeySchema = z.object({
  id: idSchema,
  /** What a person calls it, such as the program that has it. */
  name: z.string().trim().min(1).max(100),
  scope: keyScopeSchema,
  /** Origins whose pages may use it from a browser; programs that are no page need none. */
  origins: z.array(originSchema).max(20),
  createdMs: timestampMsSchema,
  /** The first moment at which it no longer holds; null: until it is revoked. */
  expiresMs: timestampMsSchema.nullable(),
});
export type AccessKey = z.infer<typeof accessKeySchema>;

export const accessKeyRequestSchema = z.object({
  name: accessKeySchema.shape.name,
  scope: keyScopeSchema,
  origins: accessKeySchema.shape.origins.default([]),
  expiresMs: accessKeySchema.shape.expiresMs.default(null),
});
export type AccessKeyRequest = z.infer<typeof accessKeyRequestSchema>;

/** A new key with what the program shows, which is told this once and kept nowhere. */
export const createdAccessKeySchema = z.object({ key: accessKeySchema, secret: z.string() });
export type CreatedAccessKey = z.infer<typeof createdAccessKeySchema>;

export const mostAccessKeys = 1_000;

/** `access-keys.json` in the data folder: of each key the sha256 of what its program shows. */
export const accessKeyListSchema = z.object({
  keys: z.array(accessKeySchema.extend({ sha256: sha256Schema })).max(mostAccessKeys),
});
export type AccessKeyList = z.infer<typeof accessKeyListSchema>;
export const accessKeyListRecord: RecordKind<AccessKeyList> = {
  name: 'list of access keys',
  version: 1,
  schema: accessKeyListSchema,
  steps: [],
};
