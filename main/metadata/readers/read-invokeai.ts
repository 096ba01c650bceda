import { z } from 'zod';
import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { makeMetadata } from '../make-metadata.ts';
import { nameScheduler } from '../name-scheduler.ts';
import { parseLooseJson } from '../parse-loose-json.ts';

const modelSchema = z.union([
  z.string(),
  z.looseObject({ name: z.string() }).transform(({ name }) => name),
  z.looseObject({ model_name: z.string() }).transform(({ model_name }) => model_name),
]);
const nowSchema = z.looseObject({ model: z.unknown(), scheduler: z.unknown() });
const toldNow = new Set(
  'app_version positive_prompt positive_style_prompt negative_prompt seed width height steps cfg_scale scheduler model'.split(
    ' ',
  ),
);

/** Names such as `euler_k`, whose last letter means Karras. */
function schedulerOf(name: unknown) {
  if (typeof name !== 'string') return null;
  return name.endsWith('_k') ? nameScheduler(name.slice(0, -2), 'karras') : nameScheduler(name);
}

/** InvokeAI 3 and later: `invokeai_metadata`. */
export function readInvokeai(text: string): PictureMetadata | null {
  const parsed = nowSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return null;
  const fields = parsed.data;
  const model = modelSchema.safeParse(fields.model);
  // What SDXL's second encoder reads; empty where it reads the same.
  const second = fields['positive_style_prompt'];
  const isApart = typeof second === 'string' && second.trim() !== '' && second !== fields['positive_prompt'];
  return makeMetadata({
    writer: 'invokeai',
    version: fields['app_version'] ?? '3',
    ...{ prompt: fields['positive_prompt'], negative: fields['negative_prompt'], dialect: 'invokeai' },
    ...(isApart ? { secondPrompt: second } : {}),
    ...{ seed: fields['seed'], width: fields['width'], height: fields['height'] },
    ...{ steps: fields['steps'], guidance: fields['cfg_scale'], sampler: fields.scheduler },
    scheduler: schedulerOf(fields.scheduler),
    model: model.success ? model.data : null,
    notes: Object.fromEntries(Object.entries(fields).filter(([name]) => !toldNow.has(name))),
  });
}

const sdMetadataSchema = z.looseObject({
  image: z.looseObject({
    prompt: z.union([z.string(), z.array(z.looseObject({ prompt: z.string() }))]),
    sampler: z.unknown(),
  }),
});
const toldThen = new Set('prompt seed width height steps cfg_scale sampler'.split(' '));

/** InvokeAI 2: `sd-metadata`. What is not wanted stands in the prompt, in brackets. */
export function readSdMetadata(text: string): PictureMetadata | null {
  const parsed = sdMetadataSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return null;
  const { image, ...rest } = parsed.data;
  const whole = typeof image.prompt === 'string' ? image.prompt : image.prompt.map(({ prompt }) => prompt).join(' ');
  return makeMetadata({
    writer: 'invokeai',
    version: rest['app_version'] ?? '2',
    ...partNegative(whole),
    dialect: 'invokeai',
    ...{ seed: image['seed'], width: image['width'], height: image['height'] },
    ...{ steps: image['steps'], guidance: image['cfg_scale'], sampler: image.sampler },
    scheduler: schedulerOf(image.sampler),
    model: rest['model_weights'] ?? rest['model'],
    notes: Object.fromEntries(Object.entries(image).filter(([name]) => !toldThen.has(name))),
  });
}

/** Bracketed words are what is not wanted; brackets inside of brackets were never taken. */
function partNegative(text: string): { readonly prompt: string; readonly negative: string } {
  const negative = [...text.matchAll(/\[([^[\]]*)\]/g)].map(([, words = '']) => words.trim()).filter((words) => words !== '');
  return { prompt: text.replace(/\[[^[\]]*\]/g, ' ').replace(/ {2,}/g, ' '), negative: negative.join(' ') };
}

/** The first InvokeAI: `Dream`, the command as it was typed, `"a cat" -s50 -S42 -W512 -H512 -C7.5 -Ak_lms`. */
export function readDream(text: string): PictureMetadata | null {
  const quoted = /^\s*"((?:[^"\\]|\\.)*)"(.*)$/s.exec(text);
  if (quoted === null) return null;
  const [, words = '', rest = ''] = quoted;
  const option = (letter: string): string | undefined =>
    new RegExp(`(?:^|\\s)-${letter}\\s*([^\\s-][^\\s]*)`).exec(rest.slice(0, 5000))?.[1];
  const sampler = option('A');
  return makeMetadata({
    writer: 'invokeai',
    version: '1',
    ...partNegative(words.replace(/\\(.)/g, '$1')),
    dialect: 'invokeai',
    ...{ seed: option('S'), width: option('W'), height: option('H'), steps: option('s'), guidance: option('C'), sampler },
    scheduler: schedulerOf(sampler),
  });
}
