import { z } from 'zod';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import { mostPictureBytes } from '../tool-place.ts';
import type { ToolPlace, ToolRequest } from '../tool-place.ts';

/**
 * What `/sdapi/v1` answers, as far as it is read. Sources: `modules/api/{api,models}.py` of lllyasviel/stable-diffusion-webui-forge, answers of
 * Forge f2.0.1 and of stable-diffusion.cpp's server, which leaves `info` empty and knows neither progress nor interrupt; and `modules/api/` of
 * vladmandic/sdnext: its samplers say among their options which noise levels they take, which is one of its settings, and what it lists as
 * schedulers are samplers again, where it lists any. Who drew nothing there sends no picture.
 */
const modelsSchema = z.array(z.looseObject({ title: z.string(), model_name: z.string() }));
const samplersSchema = z.array(
  z.looseObject({
    name: z.string(),
    aliases: z.array(z.string()).nullish().catch(null),
    options: z.record(z.string(), z.unknown()).nullish().catch(null),
  }),
);
const schedulersSchema = z.array(z.looseObject({ name: z.string(), label: z.string().nullish().catch(null) }));
const progressSchema = z.looseObject({
  current_image: z.string().nullish().catch(null),
  state: z
    .looseObject({ job: z.string().catch(''), sampling_step: z.number().catch(0), sampling_steps: z.number().catch(0) })
    .catch({ job: '', sampling_step: 0, sampling_steps: 0 }),
});
const drawnSchema = z.looseObject({ images: z.array(z.string()), info: z.string().catch('') });
const infoSchema = z.looseObject({
  seed: z.number().int().nonnegative().optional().catch(undefined),
  sd_model_name: z.string().optional().catch(undefined),
  sampler_name: z.string().optional().catch(undefined),
});
const refusedSchema = z.looseObject({
  detail: z
    .union([z.string(), z.array(z.looseObject({ loc: z.array(z.union([z.string(), z.number()])).catch([]), msg: z.string() }))])
    .optional()
    .catch(undefined),
  error: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  errors: z.string().optional().catch(undefined),
});

export type A1111Model = z.infer<typeof modelsSchema>[number];

interface A1111Sampler {
  readonly names: readonly string[];
  /** Of SD.Next: shapes of noise levels that its setting can give it; null for a server that lists schedules instead. */
  readonly shapes: readonly string[] | null;
}

/** The shapes of noise levels by the options of SD.Next's samplers that tell of them. */
const sigmaOptions = { use_karras_sigmas: 'karras', use_exponential_sigmas: 'exponential' } as const;

/** By the server's own names, and by every other name each has. */
export interface A1111Choices {
  readonly models: readonly A1111Model[];
  readonly samplers: readonly A1111Sampler[];
  /** None for a server from before there were any. */
  readonly schedulers: readonly (readonly string[])[];
}

/** A drawing on its way. */
export interface A1111Progress {
  readonly busy: boolean;
  readonly step: number;
  readonly steps: number;
  /** In base64; null where there is none yet, or previews are off. */
  readonly preview: string | null;
}

/** What the server says of the picture it drew; nothing for what it does not tell. */
export type A1111Info = z.infer<typeof infoSchema>;

function explainRefusal(text: string): string {
  const parsed = refusedSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return text.includes('<') ? '' : text;
  const { detail, error = '', message = '', errors = '' } = parsed.data;
  const details = Array.isArray(detail) ? detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ') : (detail ?? '');
  return [details, errors, message, error].find((said) => said !== '') ?? '';
}

/** The web UI, Forge and SD.Next as they are spoken to: one request a method. */
export class A1111Client {
  readonly place: ToolPlace;

  constructor(place: ToolPlace) {
    this.place = place;
  }

  async readChoices(signal: AbortSignal): Promise<A1111Choices> {
    const [models, samplers] = await Promise.all([
      this.#get('sd-models', modelsSchema, signal),
      this.#get('samplers', samplersSchema, signal),
    ]);
    const shapesOf = (options: object): string[] =>
      Object.entries(sigmaOptions).flatMap(([option, shape]) => (option in options ? [shape] : []));
    const isSdNext = samplers.some(({ options }) => shapesOf(options ?? {}).length > 0);
    const schedulers = isSdNext ? null : await this.#optional('schedulers', schedulersSchema, signal);
    return {
      models,
      samplers: samplers.map(({ name, aliases, options }) => ({
        names: [name, ...(aliases ?? [])],
        shapes: isSdNext ? shapesOf(options ?? {}) : null,
      })),
      // What is sent is the label: that is what the web UI's own page sends.
      schedulers: (schedulers ?? []).map(({ name, label }) => [label ?? name, name]),
    };
  }

  /** @throws StudioError as ToolPlace.read does; a request that broke off is not made again: it may be drawn all the same */
  async draw(
    way: 'txt2img' | 'img2img',
    value: Readonly<Record<string, unknown>>,
    limits: ToolRequest['limits'],
    signal: AbortSignal,
  ): Promise<{ readonly image: string; readonly info: A1111Info }> {
    const sends = way === 'img2img' ? (['text', 'settings', 'picture'] as const) : (['text', 'settings'] as const);
    const request = { path: `/sdapi/v1/${way}`, method: 'POST' as const, body: { type: 'json' as const, value }, sends, signal };
    const most = { maxBytes: mostPictureBytes, ...(limits === undefined ? {} : { limits }) };
    const { images, info } = await this.place.read({ ...request, ...most }, drawnSchema, explainRefusal);
    const told = infoSchema.safeParse(parseLooseJson(info));
    return { image: images[0] ?? '', info: told.success ? told.data : {} };
  }

  /** Null for a server that tells none. */
  async readProgress(signal: AbortSignal): Promise<A1111Progress | null> {
    const progress = await this.#optional('progress', progressSchema, signal);
    if (progress === null) return null;
    const { job, sampling_step: step, sampling_steps: steps } = progress.state;
    return { busy: job !== '', step, steps, preview: progress.current_image ?? null };
  }

  /** Stops what the server draws; a server that cannot goes on. */
  async interrupt(signal: AbortSignal): Promise<void> {
    const answer = await this.place.ask({ path: '/sdapi/v1/interrupt', method: 'POST', signal });
    answer.close();
  }

  #get<Value>(name: string, schema: z.ZodType<Value>, signal: AbortSignal): Promise<Value> {
    return this.place.read({ path: `/sdapi/v1/${name}`, signal, maxBytes: 64 * 1_048_576 }, schema, explainRefusal);
  }

  /** Null where the server does not know the question. */
  #optional<Value>(name: string, schema: z.ZodType<Value>, signal: AbortSignal): Promise<Value | null> {
    return this.place.readOptional({ path: `/sdapi/v1/${name}`, signal, maxBytes: 64 * 1_048_576 }, schema, explainRefusal);
  }
}
