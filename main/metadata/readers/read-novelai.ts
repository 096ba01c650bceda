import { z } from 'zod';
import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { makeMetadata } from '../make-metadata.ts';
import { nameScheduler } from '../name-scheduler.ts';
import { parseLooseJson } from '../parse-loose-json.ts';

const captionSchema = z.looseObject({
  caption: z.looseObject({
    base_caption: z.string(),
    char_captions: z.array(z.looseObject({ char_caption: z.string() })).default([]),
  }),
});
const commentSchema = z.looseObject({
  prompt: z.string().optional(),
  uc: z.string().optional(),
  sampler: z.string().optional(),
  noise_schedule: z.string().optional(),
  v4_prompt: captionSchema.optional().catch(undefined),
  v4_negative_prompt: captionSchema.optional().catch(undefined),
});
const told = new Set('prompt uc seed width height steps scale sampler v4_prompt v4_negative_prompt signed_hash'.split(' '));

/** A caption and those of each person in the picture, as one text. */
function joinCaptions(caption: z.infer<typeof captionSchema> | undefined): string | undefined {
  if (caption === undefined) return undefined;
  const { base_caption, char_captions } = caption.caption;
  return [base_caption, ...char_captions.map(({ char_caption }) => char_caption)].filter((text) => text.trim() !== '').join('\n');
}

/**
 * NovelAI: the prompt as `Description`, everything else as JSON in `Comment`. Its braces and brackets for emphasis stay in the text.
 * @param source the text named `Source`, which names the model
 */
export function readNovelai(comment: string, description?: string, source?: string): PictureMetadata | null {
  const parsed = commentSchema.safeParse(parseLooseJson(comment));
  if (!parsed.success) return null;
  const fields = parsed.data;
  const { sampler, noise_schedule: shape } = fields;
  return makeMetadata({
    writer: 'novelai',
    version: fields.v4_prompt === undefined ? '3' : '4',
    prompt: joinCaptions(fields.v4_prompt) ?? fields.prompt ?? description,
    negative: joinCaptions(fields.v4_negative_prompt) ?? fields.uc,
    dialect: 'plain',
    ...{ seed: fields['seed'], width: fields['width'], height: fields['height'] },
    ...{ steps: fields['steps'], guidance: fields['scale'], sampler },
    scheduler: sampler === undefined ? null : nameScheduler(sampler, shape),
    model: source,
    notes: Object.fromEntries(Object.entries(fields).filter(([name]) => !told.has(name))),
  });
}
