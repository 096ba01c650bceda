import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { catalogueEntrySchema } from '../../contract/models/catalogue.ts';
import type { CatalogueEntry } from '../../contract/models/catalogue.ts';

const catalogueSchema = z.object({ entries: z.array(catalogueEntrySchema) });
let entries: readonly CatalogueEntry[] | undefined;

/** The public repositories the studio knows of (`catalogue.json`), read once. */
export function readCatalogue(): readonly CatalogueEntry[] {
  entries ??= catalogueSchema.parse(
    JSON.parse(readFileSync(new URL('./catalogue.json', import.meta.url), 'utf8')) as unknown,
  ).entries;
  return entries;
}
