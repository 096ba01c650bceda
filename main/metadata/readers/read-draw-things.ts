import { z } from 'zod';
import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { makeMetadata } from '../make-metadata.ts';
import { nameScheduler } from '../name-scheduler.ts';
import { parseLooseJson } from '../parse-loose-json.ts';

const schema = z.looseObject({ c: z.string(), sampler: z.unknown(), size: z.unknown() });
const told = new Set('c uc seed size steps scale sampler model v2'.split(' '));

/** Draw Things: JSON as the comment in XMP, `c` what is wanted and `uc` what is not. Null for anything else. */
export function readDrawThings(text: string): PictureMetadata | null {
  if (!text.trimStart().startsWith('{')) return null;
  const parsed = schema.safeParse(parseLooseJson(text));
  if (!parsed.success) return null;
  const fields = parsed.data;
  const [, width, height] = /^(\d+)x(\d+)$/.exec(typeof fields.size === 'string' ? fields.size : '') ?? [];
  return makeMetadata({
    writer: 'draw-things',
    ...{ prompt: fields.c, negative: fields['uc'], dialect: 'a1111' },
    ...{ seed: fields['seed'], width, height, steps: fields['steps'], guidance: fields['scale'], sampler: fields.sampler },
    scheduler: typeof fields.sampler === 'string' ? nameScheduler(fields.sampler) : null,
    model: fields['model'],
    notes: Object.fromEntries(Object.entries(fields).filter(([name]) => !told.has(name))),
  });
}
