import { z } from 'zod';
import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ToolTest } from '../../../contract/outside/connection.ts';
import { StudioError } from '../../../contract/errors.ts';
import { mostPicturesAtOnce, recipeVersion } from '../../../contract/recipe.ts';
import type { ToolRecipe } from '../../../contract/recipe.ts';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { Answer } from '../../network/answer.ts';
import type { DrawContext, ToolDrawer, ToolDrawOrder } from '../../ports/drawer.ts';
import { askPaid } from '../ask-paid.ts';
import { readBase64Picture } from '../read-base64.ts';
import { mostPictureBytes } from '../tool-place.ts';
import type { ToolPlace } from '../tool-place.ts';
import { chooseRatio, fitSeed } from '../tool-settings.ts';
import type { ToolOptions } from '../tool-settings.ts';
import { toOwnPng, toStartPng } from '../to-own-png.ts';

/**
 * Stability's API, `v2beta`, as its reference describes it: a form goes in, JSON comes out; the size is a ratio of sides; 0 as a seed means
 * any; 403 is a text that its filter does not take, not a key.
 */
interface Service {
  readonly path: string;
  /** Where several models share a path. */
  readonly model: string | null;
  readonly negative: boolean;
  readonly initPictures: boolean;
}

const generate = '/v2beta/stable-image/generate';
const services: Readonly<Record<string, Service>> = {
  core: { path: `${generate}/core`, model: null, negative: true, initPictures: false },
  ultra: { path: `${generate}/ultra`, model: null, negative: true, initPictures: true },
  'sd3.5-large': { path: `${generate}/sd3`, model: 'sd3.5-large', negative: true, initPictures: true },
  'sd3.5-large-turbo': { path: `${generate}/sd3`, model: 'sd3.5-large-turbo', negative: false, initPictures: true },
  'sd3.5-medium': { path: `${generate}/sd3`, model: 'sd3.5-medium', negative: true, initPictures: true },
};
const models = Object.keys(services);
const ratios = ['1:1', '16:9', '9:16', '3:2', '2:3', '5:4', '4:5', '21:9', '9:21'];
const seeds = { least: 1, most: 4_294_967_294 };
/** What the dearest picture costs is more; below this nothing can be drawn at all. */
const leastCredits = 1;

const drawnSchema = z.looseObject({
  image: z.string(),
  finish_reason: z.string().optional().catch(undefined),
  seed: z.number().int().nonnegative().optional().catch(undefined),
});
const refusedSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  errors: z.array(z.string()).catch([]),
  message: z.string().optional().catch(undefined),
});
const balanceSchema = z.looseObject({ credits: z.number() });

function explainRefusal(text: string): string {
  const parsed = refusedSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return text.includes('<') ? '' : text;
  const { errors, message, name } = parsed.data;
  return errors.length > 0 ? errors.join('; ') : (message ?? name ?? '');
}

function abilitiesOf({ negative, initPictures }: Service): DrawerAbilities {
  return {
    size: { width: 1024, height: 1024, multipleOf: 1 },
    // Numbers that say nothing: the service keeps them to itself.
    defaults: { steps: 1, guidance: 1, scheduler: 'euler', negative: '' },
    ...{ sampling: false, schedulers: [], negative, weights: false, initPictures, masks: false, seeds: true },
    ...{ guidanceRescale: false, secondPrompt: false, clipSkip: false, emphasis: false },
    // A request that is left is drawn, and paid, all the same.
    ...{ mostPictures: mostPicturesAtOnce, previews: false, cancel: false },
  };
}

/** The fields of the form, all of them texts. */
type Fields = Readonly<Record<string, string>>;

class StabilityDrawer implements ToolDrawer {
  readonly abilities: DrawerAbilities;
  readonly #place: ToolPlace;
  readonly #service: Service;
  readonly #options: ToolOptions;

  constructor(place: ToolPlace, service: Service, options: ToolOptions) {
    this.abilities = abilitiesOf(service);
    this.#place = place;
    this.#service = service;
    this.#options = options;
  }

  /** One request a picture: what breaks off costs that one. */
  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    const { settings, count, words, init } = order;
    const { pictures, meter } = this.#options;
    const ratio = chooseRatio(settings, ratios);
    const start = init === null ? null : await toStartPng(pictures, init.source, settings, context.signal);
    for (let index = 0; index < count; index += 1) {
      meter.requireBudget();
      context.onProgress({ fraction: index / count, phase: 'denoising', step: index, steps: count });
      const { seed, notes } = fitSeed(order.seed + index, seeds);
      const fields: Fields = {
        ...{ prompt: words.map(({ text }) => text).join(' '), output_format: 'png', seed: String(seed) },
        ...(settings.negative === '' ? {} : { negative_prompt: settings.negative }),
        ...(this.#service.model === null
          ? {}
          : { model: this.#service.model, mode: init === null ? 'text-to-image' : 'image-to-image' }),
        // A picture to start from has its own sides.
        ...(init === null ? { aspect_ratio: ratio } : { strength: String(init.strength) }),
      };
      const drawn = await this.#ask(fields, start, context.signal);
      await meter.count(null);
      const png = await toOwnPng(pictures, this.#readPicture(drawn), context.signal);
      context.onPicture({ png, seed, recipe: this.#toRecipe(order, fields, seed, drawn, notes), fidelity: null });
    }
  }

  async #ask(fields: Fields, start: Uint8Array | null, signal: AbortSignal): Promise<z.infer<typeof drawnSchema>> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    if (start !== null) form.set('image', new Blob([Uint8Array.from(start)], { type: 'image/png' }), 'start.png');
    const answer = await askPaid(
      this.#place,
      {
        ...{
          path: this.#service.path,
          method: 'POST',
          body: { type: 'multipart', form },
          headers: { accept: 'application/json' },
        },
        ...{ sends: start === null ? ['text', 'settings'] : ['text', 'settings', 'picture'], maxBytes: mostPictureBytes, signal },
      },
      explainRefusal,
    );
    if (answer.status === 403) throw await this.#explainForbidden(answer);
    return this.#place.readAnswer(answer, drawnSchema, explainRefusal);
  }

  /** Its filter answers with the status that others have for keys. */
  async #explainForbidden(answer: Answer): Promise<StudioError> {
    const text = Buffer.from(await answer.bytes()).toString('utf8');
    const parsed = refusedSchema.safeParse(parseLooseJson(text));
    const isFiltered = parsed.success && parsed.data.name === 'content_moderation';
    return this.#place.refusal(answer.status, explainRefusal(text), !isFiltered);
  }

  #readPicture({ image, finish_reason: reason }: z.infer<typeof drawnSchema>): Uint8Array {
    const { host, connection } = this.#place;
    const details = { host, connection: connection.id };
    if (reason === 'CONTENT_FILTERED') {
      const message = `${host} drew this and blurred it: its filter does not let it through.`;
      throw new StudioError('tool-refused', message, 'Change the text and draw again.', details);
    }
    const picture = readBase64Picture(image);
    if (picture !== null) return picture.bytes;
    const hint = 'Draw again. If it stays, look at your account there.';
    throw new StudioError('answer-unreadable', `${host} sent back what is no picture.`, hint, details);
  }

  #toRecipe(
    { text, init }: ToolDrawOrder,
    { prompt, ...parameters }: Fields,
    seed: number,
    drawn: z.infer<typeof drawnSchema>,
    notes: readonly string[],
  ): ToolRecipe {
    const { host, connection } = this.#place;
    return {
      ...{ schemaVersion: recipeVersion, kind: 'tool', tool: 'stability', host, model: connection.model, text },
      parameters: { prompt, ...parameters },
      answer: { finishReason: drawn.finish_reason ?? '', notes: [...notes] },
      seed: drawn.seed ?? seed,
      init: init === null ? null : { imageSha256: init.imageSha256, strength: init.strength },
    };
  }
}

/** @throws StudioError `tool-refused` for a model the service does not have */
export function openStability(place: ToolPlace, options: ToolOptions): ToolDrawer {
  const service = services[place.connection.model];
  if (service === undefined) throw place.unknownModel(models);
  return new StabilityDrawer(place, service, options);
}

/**
 * Looks at the account: whether the key is taken, and whether anything is left to draw with. Nothing is drawn, and nothing is paid.
 * @throws StudioError `tool-refused` for a model the service does not have, `tool-limited` for an empty account; as ToolPlace.read does
 */
export async function testStability(place: ToolPlace, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  if (services[place.connection.model] === undefined) throw place.unknownModel(models);
  const { credits } = await place.read({ path: '/v1/user/balance', signal }, balanceSchema, explainRefusal);
  if (credits < leastCredits) {
    const { host } = place;
    throw new StudioError('tool-limited', `The account at ${host} is empty.`, 'Buy credits there; then draw again.', {
      host,
      credits,
    });
  }
  return { program: `Stability API, ${Math.floor(credits)} credits left`, models, schedulers: 0 };
}
