import { z } from 'zod';

/** Lower-case hexadecimal sha256 of a file's bytes: the name of every stored image. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Ids are UUIDv7-like: sortable by time of creation, safe in file names and URLs. */
export const idSchema = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

/** Milliseconds since the Unix epoch. */
export const timestampMsSchema = z.number().int().nonnegative();

/** What a method is about, by the name or number it has. */
export const packReference = z.object({ packId: z.string() });
export const pictureReference = z.object({ sha256: sha256Schema });
export const jobReference = z.object({ jobId: idSchema });
export const itemReference = z.object({ itemId: idSchema });
