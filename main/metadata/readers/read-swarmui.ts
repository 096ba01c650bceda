import { z } from 'zod';
import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { makeMetadata } from '../make-metadata.ts';
import { nameScheduler } from '../name-scheduler.ts';
import { parseLooseJson } from '../parse-loose-json.ts';

const swarmSchema = z.looseObject({ sui_image_params: z.looseObject({ sampler: z.unknown(), scheduler: z.unknown() }) });
const told = new Set('prompt negativeprompt seed width height steps cfgscale sampler scheduler model swarm_version'.split(' '));

/** SwarmUI keeps JSON where the web UI keeps its block: `sui_image_params`. Null for anything else. */
export function readSwarmui(text: string): PictureMetadata | null {
  if (!text.trimStart().startsWith('{')) return null;
  const parsed = swarmSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return null;
  const fields = parsed.data.sui_image_params;
  const { sampler, scheduler } = fields;
  return makeMetadata({
    writer: 'swarmui',
    version: fields['swarm_version'],
    ...{ prompt: fields['prompt'], negative: fields['negativeprompt'], dialect: 'a1111' },
    ...{ seed: fields['seed'], width: fields['width'], height: fields['height'] },
    ...{ steps: fields['steps'], guidance: fields['cfgscale'], sampler },
    scheduler: typeof sampler === 'string' ? nameScheduler(sampler, typeof scheduler === 'string' ? scheduler : '') : null,
    model: fields['model'],
    notes: { scheduler, ...Object.fromEntries(Object.entries(fields).filter(([name]) => !told.has(name))) },
  });
}
