import { z } from 'zod';
import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ToolTest } from '../../../contract/outside/connection.ts';
import { StudioError } from '../../../contract/errors.ts';
import { mostPicturesAtOnce, recipeVersion } from '../../../contract/recipe.ts';
import type { ToolRecipe } from '../../../contract/recipe.ts';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { DrawContext, ToolDrawer, ToolDrawOrder } from '../../ports/drawer.ts';
import { askPaid } from '../ask-paid.ts';
import { readBase64Picture } from '../read-base64.ts';
import { mostPictureBytes, quoteTool } from '../tool-place.ts';
import type { ToolPlace } from '../tool-place.ts';
import { chooseRatio } from '../tool-settings.ts';
import type { ToolOptions } from '../tool-settings.ts';
import { toOwnPng } from '../to-own-png.ts';
import { googleForms, readGoogleRefusal } from './google-answers.ts';
import type { GoogleForm, GoogleDrawn } from './google-answers.ts';

const ratios = ['1:1', '3:4', '4:3', '9:16', '16:9'];

const abilities: DrawerAbilities = {
  size: { width: 1024, height: 1024, multipleOf: 1 },
  // Numbers that say nothing: the service keeps them to itself.
  defaults: { steps: 1, guidance: 1, scheduler: 'euler', negative: '' },
  ...{ sampling: false, schedulers: [], negative: false, weights: false, initPictures: false, masks: false, seeds: false },
  ...{ guidanceRescale: false, secondPrompt: false, clipSkip: false, emphasis: false },
  // A request that is left is drawn, and paid, all the same.
  ...{ mostPictures: mostPicturesAtOnce, previews: false, cancel: false },
};

/** Models that Google serves as Gemini, and those that it serves as Imagen, in their two forms. */
class GoogleImagesDrawer implements ToolDrawer {
  readonly abilities = abilities;
  readonly #place: ToolPlace;
  readonly #form: GoogleForm;
  readonly #options: ToolOptions;

  constructor(place: ToolPlace, options: ToolOptions) {
    this.#place = place;
    this.#form = place.connection.model.startsWith('imagen-') ? googleForms.imagen : googleForms.gemini;
    this.#options = options;
  }

  /** One request a picture: what breaks off costs that one. */
  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    const { settings, count, words } = order;
    const ratio = chooseRatio(settings, ratios);
    const prompt = words.map(({ text }) => text).join(' ');
    for (let index = 0; index < count; index += 1) {
      this.#options.meter.requireBudget();
      context.onProgress({ fraction: index / count, phase: 'denoising', step: index, steps: count });
      const drawn = await this.#ask(this.#form.compose(prompt, ratio), context.signal);
      // What its filter holds back is not charged.
      const picture = this.#readPicture(drawn);
      await this.#options.meter.count(drawn.usage);
      const png = await toOwnPng(this.#options.pictures, picture, context.signal);
      const recipe = this.#toRecipe(order, { prompt, aspectRatio: ratio }, drawn);
      context.onPicture({ png, seed: order.seed + index, recipe, fidelity: null });
    }
  }

  async #ask(value: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<GoogleDrawn> {
    const { model } = this.#place.connection;
    const request = {
      ...{ path: `/models/${encodeURIComponent(model)}:${this.#form.method}`, method: 'POST' as const },
      ...{ body: { type: 'json' as const, value }, sends: ['text', 'settings'] as const, maxBytes: mostPictureBytes, signal },
    };
    const explain = (text: string): string => readGoogleRefusal(text).said;
    const answer = await askPaid(this.#place, request, explain);
    if (answer.status === 400) {
      const { said, isOfKey } = readGoogleRefusal(Buffer.from(await answer.bytes()).toString('utf8'));
      throw this.#place.refusal(answer.status, said, isOfKey);
    }
    return this.#place.readAnswer(answer, this.#form.answer, explain);
  }

  #readPicture({ image, held }: GoogleDrawn): Uint8Array {
    const { host, connection } = this.#place;
    const details = { host, connection: connection.id, said: held };
    const picture = image === null ? null : readBase64Picture(image);
    if (picture !== null) return picture.bytes;
    if (held !== '') {
      const message = `${host} does not draw this. It says: ${quoteTool(held)}`;
      throw new StudioError('tool-refused', message, 'Change the text and draw again.', details);
    }
    const hint = 'Choose a model that draws: its name has "image" in it.';
    throw new StudioError('answer-unreadable', `${host} sent back no picture.`, hint, details);
  }

  #toRecipe({ text }: ToolDrawOrder, sent: Readonly<Record<string, unknown>>, { usage }: GoogleDrawn): ToolRecipe {
    const { host, connection } = this.#place;
    return {
      ...{ schemaVersion: recipeVersion, kind: 'tool', tool: 'google-images', host, model: connection.model, text },
      parameters: { ...sent },
      answer: usage === null ? {} : { usage: { ...usage } },
      ...{ seed: null, init: null },
    };
  }
}

export function openGoogleImages(place: ToolPlace, options: ToolOptions): ToolDrawer {
  return new GoogleImagesDrawer(place, options);
}

const modelsSchema = z.looseObject({ models: z.array(z.looseObject({ name: z.string() })).catch([]) });

/**
 * Asks which models there are; nothing is drawn, and nothing is paid.
 * @throws StudioError `tool-refused` for a model that is not in the list; as ToolPlace.read does
 */
export async function testGoogleImages(place: ToolPlace, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  const answer = await place.ask({ path: '/models?pageSize=1000', signal });
  const text = Buffer.from(await answer.bytes()).toString('utf8');
  const { said, isOfKey } = readGoogleRefusal(text);
  if (answer.status !== 200) throw place.refusal(answer.status, said, isOfKey);
  const parsed = modelsSchema.safeParse(parseLooseJson(text));
  const all = parsed.success ? parsed.data.models.map(({ name }) => name.replace(/^models\//u, '')) : [];
  const drawing = all.filter((name) => /imagen|image/u.test(name));
  if (!all.includes(place.connection.model)) throw place.unknownModel(drawing);
  return { program: "Google's Gemini API", models: drawing, schedulers: 0 };
}
