import { StudioError } from '../../../../contract/errors.ts';
import type { DrawerAbilities } from '../../../../contract/models/abilities.ts';
import type { GenerateSettings, SchedulerName } from '../../../../contract/recipe.ts';
import { composeA1111, nameSampler, nameScheduler } from '../../../studio.ts';
import type { AddedPicture, Studio } from '../../../studio.ts';
import { signalOfLeaving } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { drawForClient, requireDrawer } from './draw-for-client.ts';
import type { DrawnForClient } from './draw-for-client.ts';
import { listOtherwise, refuseMissing } from './webui-request.ts';
import type { WebuiRequest } from './webui-request.ts';

/** How much of a picture is drawn anew where nobody says. */
const USUAL_STRENGTH = 0.75;

/**
 * The scheduler that a client means.
 * @throws StudioError `scheduler-unknown`
 */
export function findScheduler({ schedulers }: DrawerAbilities, sampler: string, shape: string): SchedulerName {
  const named = nameScheduler(sampler, shape);
  if (named !== null && schedulers.includes(named)) return named;
  // A model of flows has schedulers of its own under the common names.
  const alike = schedulers.find((one) => nameSampler(one).a1111.sampler.toLowerCase() === sampler.toLowerCase());
  if (alike !== undefined && named !== null) return alike;
  throw new StudioError(
    'scheduler-unknown',
    'Sampler not found',
    `/sdapi/v1/samplers lists those there are; “${sampler}” is none.`,
    {
      sampler,
      shape,
    },
  );
}

/** A picture from base64, with or without what makes it an address, in the library. */
export function addBase64(
  studio: Studio,
  exchange: Exchange,
  text: string,
  title: string,
  parents: readonly string[] = [],
): Promise<AddedPicture> {
  const bytes = Buffer.from(text.replace(/^data:[^,]{0,200},/, ''), 'base64');
  return studio.addImage(bytes, { title, parents, signal: signalOfLeaving(exchange) });
}

function settingsOf(request: WebuiRequest, drawer: DrawerAbilities): GenerateSettings {
  const { seed, steps, cfg_scale: guidance, width, height, batch_size: size, n_iter: rounds } = request;
  const sampler = request.sampler_name ?? request.sampler_index;
  return {
    count: (size ?? 1) * (rounds ?? 1),
    ...(seed == null || seed < 0 ? {} : { seed }),
    ...(steps == null ? {} : { steps }),
    ...(guidance == null ? {} : { guidance }),
    ...(width == null ? {} : { width }),
    ...(height == null ? {} : { height }),
    ...(sampler == null ? {} : { scheduler: findScheduler(drawer, sampler, request.scheduler ?? '') }),
  };
}

/** The web UI's one text of both, which its reader knows. */
function textOf({ prompt, negative_prompt: negative }: WebuiRequest): string {
  return `${prompt ?? ''}${negative == null || negative.trim() === '' ? '' : `\nNegative prompt: ${negative.replace(/\s+/gu, ' ')}`}`;
}

async function startingPicture(
  studio: Studio,
  exchange: Exchange,
  { init_images: images, denoising_strength: strength, mask }: WebuiRequest,
): Promise<{ readonly parents: string[]; readonly settings: Pick<GenerateSettings, 'init'> }> {
  const [first, ...others] = images ?? [];
  if (first === undefined || others.length > 0) {
    const message = first === undefined ? 'Init image not found' : 'The studio begins with one picture.';
    throw new StudioError('bad-request', message, 'Send one picture in init_images, as base64.', { place: 'init_images' });
  }
  const { id, image } = await addBase64(studio, exchange, first, 'init image');
  const init = { imageSha256: image.sha256, strength: strength ?? USUAL_STRENGTH };
  if (mask == null || mask === '') return { parents: [id], settings: { init } };
  const painted = await addBase64(studio, exchange, mask, 'mask', [id]);
  return { parents: [id], settings: { init: { ...init, maskSha256: painted.image.sha256 } } };
}

export interface WebuiOrder {
  readonly packId: string;
  readonly request: WebuiRequest;
  /** It begins with a picture. */
  readonly fromPicture: boolean;
  readonly onSubmit: (jobId: string) => void;
}

/** Draws what a client of the web UI asks for, and answers as the web UI does. Throws StudioError as the job does. */
export async function drawForWebui(studio: Studio, exchange: Exchange, order: WebuiOrder): Promise<unknown> {
  const { packId, request, fromPicture, onSubmit } = order;
  refuseMissing(request);
  const drawer = await requireDrawer(studio, packId);
  const own = settingsOf(request, drawer);
  const read = await studio.client.prompts.readAs({ packId, text: textOf(request), dialect: 'a1111' });
  const start = fromPicture ? await startingPicture(studio, exchange, request) : { parents: [], settings: {} };
  const drawn = await drawForClient(studio, exchange, {
    packId,
    prompt: { type: 'document', document: read.document },
    // What stands in the text itself is the client's wish as well, unless a field says otherwise.
    settings: { ...read.settings, ...(read.negative === '' ? {} : { negative: read.negative }), ...own, ...start.settings },
    parents: start.parents,
    onSubmit,
  });
  // What was sent comes back, without the pictures in it.
  const parameters = Object.fromEntries(Object.entries(request).filter(([field]) => field !== 'init_images' && field !== 'mask'));
  const images = request.send_images === false ? [] : drawn.map(({ base64 }) => base64);
  return { images, parameters, info: JSON.stringify(describeDrawn(request, drawn, [...read.notes, ...listOtherwise(request)])) };
}

function describeDrawn(request: WebuiRequest, drawn: readonly DrawnForClient[], notes: readonly string[]) {
  const recipes = drawn.map(({ recipe }) => recipe);
  const [recipe] = recipes;
  if (recipe === undefined) throw new Error('a drawing without pictures');
  return {
    prompt: request.prompt ?? '',
    all_prompts: recipes.map(() => request.prompt ?? ''),
    negative_prompt: recipe.negative,
    all_negative_prompts: recipes.map(({ negative }) => negative),
    seed: recipe.seed,
    all_seeds: recipes.map(({ seed }) => seed),
    subseed: recipe.seed,
    all_subseeds: recipes.map(({ seed }) => seed),
    subseed_strength: 0,
    width: recipe.width,
    height: recipe.height,
    sampler_name: nameSampler(recipe.scheduler).a1111.sampler,
    cfg_scale: recipe.guidance,
    steps: recipe.steps,
    batch_size: request.batch_size ?? 1,
    restore_faces: false,
    sd_model_name: recipe.pack.id,
    sd_model_hash: recipe.pack.manifestSha256.slice(0, 10),
    denoising_strength: recipe.init?.strength ?? 0,
    // What could not be taken as it was written, in sentences.
    extra_generation_params: Object.fromEntries(notes.map((note, index) => [`Note ${index + 1}`, note])),
    index_of_first_image: 0,
    infotexts: recipes.map((one) => composeA1111(one, { prompt: one.text, negative: one.negative })),
    styles: [],
    job_timestamp: new Date().toISOString().replace(/\D/g, '').slice(0, 14),
    clip_skip: (recipe.clipSkip ?? 0) + 1,
    is_using_inpainting_conditioning: recipe.init?.maskSha256 !== undefined,
    version: `De-Diffusion Studio ${recipe.versions.studio}`,
  };
}
