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
import { mostPictureBytes } from '../tool-place.ts';
import type { ToolPlace } from '../tool-place.ts';
import { requireSettings } from '../tool-settings.ts';
import type { ToolOptions } from '../tool-settings.ts';
import { toOwnPng } from '../to-own-png.ts';

/**
 * What servers of OpenAI's Images API answer, as far as it is read. Sources: OpenAI's reference, and the answers of
 * stable-diffusion.cpp's `sd-server`, whose errors are texts where OpenAI's are objects.
 */
const drawnSchema = z.looseObject({
  data: z
    .array(
      z.looseObject({
        b64_json: z.string().nullish(),
        url: z.string().nullish(),
        revised_prompt: z.string().max(40_000).nullish().catch(null),
      }),
    )
    .min(1),
  usage: z
    .looseObject({ input_tokens: z.number().int().nonnegative(), output_tokens: z.number().int().nonnegative() })
    .nullish()
    .catch(null),
});
type Drawn = z.infer<typeof drawnSchema>;
const refusedSchema = z.looseObject({
  error: z
    .union([z.string(), z.looseObject({ message: z.string() })])
    .optional()
    .catch(undefined),
  message: z.string().optional().catch(undefined),
});
const modelsSchema = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

const abilities: DrawerAbilities = {
  size: { width: 1024, height: 1024, multipleOf: 8 },
  // Numbers that say nothing: the service keeps them to itself.
  defaults: { steps: 1, guidance: 1, scheduler: 'euler', negative: '' },
  ...{ sampling: false, schedulers: [], negative: false, weights: false, initPictures: false, masks: false, seeds: false },
  ...{ guidanceRescale: false, secondPrompt: false, clipSkip: false, emphasis: false },
  // A request that is left is drawn, and paid, all the same.
  ...{ mostPictures: mostPicturesAtOnce, previews: false, cancel: false },
};

function explainRefusal(text: string): string {
  const parsed = refusedSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return text.includes('<') ? '' : text;
  const { error, message } = parsed.data;
  return message ?? (typeof error === 'string' ? error : (error?.message ?? ''));
}

/** OpenAI's own newer models always answer with the picture and refuse to be told so; others answer with an address unless they are. */
const answersWithPictures = (model: string): boolean => /^(chat)?gpt-image/iu.test(model);

/** OpenAI Images, and servers that speak as it does. */
class OpenAiImagesDrawer implements ToolDrawer {
  readonly abilities = abilities;
  readonly #place: ToolPlace;
  readonly #options: ToolOptions;

  constructor(place: ToolPlace, options: ToolOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** One request a picture: what breaks off costs that one. */
  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    const { settings, count, words } = order;
    requireSettings(settings, abilities);
    const { model } = this.#place.connection;
    const sent = {
      ...{ prompt: words.map(({ text }) => text).join(' '), size: `${settings.width}x${settings.height}`, n: 1 },
      ...(answersWithPictures(model) ? {} : { response_format: 'b64_json' }),
    };
    for (let index = 0; index < count; index += 1) {
      this.#options.meter.requireBudget();
      context.onProgress({ fraction: index / count, phase: 'denoising', step: index, steps: count });
      const drawn = await this.#ask({ model, ...sent }, context.signal);
      const usage = drawn.usage ?? null;
      await this.#options.meter.count(
        usage === null ? null : { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens },
      );
      const png = await toOwnPng(this.#options.pictures, await this.#readPicture(drawn, context.signal), context.signal);
      context.onPicture({ png, seed: order.seed + index, recipe: this.#toRecipe(order, sent, drawn), fidelity: null });
    }
  }

  async #ask(value: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Drawn> {
    const request = {
      ...{ path: '/images/generations', method: 'POST' as const, body: { type: 'json' as const, value } },
      ...{ sends: ['text', 'settings'] as const, maxBytes: mostPictureBytes, signal },
    };
    return this.#place.readAnswer(await askPaid(this.#place, request, explainRefusal), drawnSchema, explainRefusal);
  }

  async #readPicture({ data: [first] }: Drawn, signal: AbortSignal): Promise<Uint8Array> {
    const { host, connection } = this.#place;
    const picture = first?.b64_json == null ? null : readBase64Picture(first.b64_json);
    if (picture !== null) return picture.bytes;
    const url = first?.url ?? '';
    const { origin } = new URL(connection.address);
    // Its own address was agreed to; another was named by a server, and by nobody else.
    if (URL.canParse(url) && new URL(url).origin === origin) return this.#place.fetchOwn(url, signal);
    const where = URL.canParse(url) ? ` It lies at ${new URL(url).host}, to which nobody has agreed.` : '';
    const hint = 'Choose a model that sends its pictures along.';
    throw new StudioError('answer-unreadable', `${host} sent back no picture.${where}`, hint, {
      host,
      connection: connection.id,
    });
  }

  #toRecipe({ text }: ToolDrawOrder, sent: Readonly<Record<string, unknown>>, { data: [first], usage }: Drawn): ToolRecipe {
    const { host, connection } = this.#place;
    const revised = first?.revised_prompt ?? null;
    return {
      ...{ schemaVersion: recipeVersion, kind: 'tool', tool: 'openai-images', host, model: connection.model, text },
      parameters: { ...sent },
      answer: { ...(revised === null ? {} : { revisedPrompt: revised }), ...(usage == null ? {} : { usage: { ...usage } }) },
      ...{ seed: null, init: null },
    };
  }
}

export function openOpenAiImages(place: ToolPlace, options: ToolOptions): ToolDrawer {
  return new OpenAiImagesDrawer(place, options);
}

/**
 * Asks which models there are; nothing is drawn, and nothing is paid.
 * @throws StudioError `tool-refused` for a model that is not in the list; as ToolPlace.read does
 */
export async function testOpenAiImages(place: ToolPlace, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  const { data } = await place.read({ path: '/models', signal }, modelsSchema, explainRefusal);
  const models = data.map(({ id }) => id);
  if (!models.includes(place.connection.model)) throw place.unknownModel(models);
  return { program: 'A server with the API of OpenAI Images', models, schedulers: 0 };
}
