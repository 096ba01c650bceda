import { z } from 'zod';
import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { makeMetadata } from '../make-metadata.ts';
import { nameScheduler } from '../name-scheduler.ts';
import { parseLooseJson } from '../parse-loose-json.ts';
import { parseInfotext, readA1111 } from './read-a1111.ts';

const known = z.looseObject({
  prompt: z.string(),
  negative_prompt: z.unknown(),
  resolution: z.unknown(),
  metadata_scheme: z.unknown(),
  base_model: z.unknown(),
});

const told = new Set(
  'prompt negative_prompt seed resolution steps guidance_scale sampler scheduler base_model version metadata_scheme'.split(' '),
);

/** `modules/meta_parser.py` of Fooocus: JSON of its own, or the web UI's form with its own names. Null for what is neither. */
export function readFooocus(text: string): PictureMetadata | null {
  const parsed = known.safeParse(parseLooseJson(text));
  if (!parsed.success) return readPlain(text);
  const fields = parsed.data;
  if (fields.metadata_scheme === undefined && fields.base_model === undefined) return null;
  const [, width, height] = /(\d+)\D+(\d+)/.exec(typeof fields.resolution === 'string' ? fields.resolution : '') ?? [];
  const [sampler, scheduler] = [fields['sampler'], fields['scheduler']];
  return makeMetadata({
    writer: 'fooocus',
    version: fields['version'],
    ...{ prompt: fields.prompt, negative: fields.negative_prompt, dialect: 'fooocus' },
    ...{ seed: fields['seed'], width, height, steps: fields['steps'], guidance: fields['guidance_scale'] },
    sampler,
    scheduler: typeof sampler === 'string' ? nameScheduler(sampler, typeof scheduler === 'string' ? scheduler : '') : null,
    model: fields.base_model,
    notes: {
      scheduler,
      ...Object.fromEntries(Object.entries(fields).filter(([name]) => !told.has(name))),
    },
  });
}

function readPlain(text: string): PictureMetadata | null {
  const { parameters } = parseInfotext(text);
  const version = parameters.get('Version') ?? '';
  if (!version.startsWith('Fooocus')) return null;
  const metadata = readA1111(text);
  return metadata === null ? null : { ...metadata, writer: 'fooocus', dialect: 'fooocus' };
}
