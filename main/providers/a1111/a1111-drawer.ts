import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ToolTest } from '../../../contract/outside/connection.ts';
import { StudioError } from '../../../contract/errors.ts';
import { readSchedulerName, recipeVersion, schedulerNameSchema } from '../../../contract/recipe.ts';
import type { SchedulerName, ToolRecipe } from '../../../contract/recipe.ts';
import { nameSampler } from '../../metadata/name-sampler.ts';
import { initOfRecipe } from '../../ports/drawer.ts';
import type { DrawContext, DrawSettings, ToolDrawer, ToolDrawOrder } from '../../ports/drawer.ts';
import { writeA1111 } from '../../prompt/dialects/a1111.ts';
import type { WeightedWord } from '../../prompt/dialects/dialect.ts';
import { readBase64Picture } from '../read-base64.ts';
import { abilitiesOfSampling, requireSettings } from '../tool-settings.ts';
import type { ToolOptions } from '../tool-settings.ts';
import { toMaskPng, toOwnPng, toStartPng } from '../to-own-png.ts';
import type { A1111Choices, A1111Client, A1111Info, A1111Model } from './a1111-client.ts';
import { watchProgress } from './watch-progress.ts';

const usualEveryMs = 1_000;
const stopLimitMs = 8_000;

/** Servers write the same name in several ways: "Euler a", "euler_a". */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9+]/gu, '');
/** The server's own name for one of its choices; null where it does not have it. */
function findName(choices: readonly (readonly string[])[], wanted: string): string | null {
  return choices.find((names) => names.some((name) => plain(name) === plain(wanted)))?.[0] ?? null;
}

interface Names {
  readonly sampler: string;
  /** Null where the server has no schedules to choose from. */
  readonly schedule: string | null;
  /** Of SD.Next: its setting for the noise levels; null for all others. */
  readonly sigma: string | null;
}

/** What a server calls one of the studio's schedulers; null where it does not have it. */
function namesOf(name: SchedulerName, { samplers, schedulers }: A1111Choices): Names | null {
  const { kind, shape } = readSchedulerName(name);
  if (kind === 'flow-match-euler') return null;
  const wanted = nameSampler(name).a1111;
  const sampler = findName(
    samplers.map(({ names }) => names),
    wanted.sampler,
  );
  const shapes = samplers.find(({ names: [first] }) => first === sampler)?.shapes ?? null;
  if (sampler !== null && shapes !== null) {
    return shape === null || shapes.includes(shape) ? { sampler, schedule: null, sigma: shape ?? 'default' } : null;
  }
  if (sampler === null || (schedulers.length === 0 && shape !== null)) return null;
  if (schedulers.length === 0) return { sampler, schedule: null, sigma: null };
  // As the model was trained: "Uniform" in the web UI, "discrete" in stable-diffusion.cpp.
  const schedule = findName(schedulers, wanted.schedule) ?? (shape === null ? findName(schedulers, 'discrete') : null);
  return schedule === null ? null : { sampler, schedule, sigma: null };
}

const findModel = (models: readonly A1111Model[], wanted: string): A1111Model | undefined =>
  models.find(({ title, model_name: name }) => title === wanted || name === wanted);

/** The first line is the prompt; more is for the page's field, where it would be read as parameters. */
function writePrompt(words: readonly WeightedWord[]): { readonly text: string; readonly notes: readonly string[] } {
  const budget = { target: 'a1111' as const, tokens: 0, limit: null, keptCharacters: null };
  const { text, notes } = writeA1111({ words, options: {}, budget });
  return { text: text.split('\n')[0] ?? '', notes };
}

/** What is begun with, as PNG. */
interface Start {
  readonly picture: Uint8Array;
  readonly mask?: Uint8Array;
}

/** What is white is drawn anew from what is there, the whole picture in view; its edge is blurred over the server's usual pixels. */
const masking = { mask_blur: 4, inpainting_fill: 1, inpaint_full_res: false, inpainting_mask_invert: 0 };

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export interface A1111Options extends ToolOptions {
  /** Between two looks at the progress, in milliseconds. Absent: one second. */
  readonly everyMs?: number;
}

/** A server with the web UI's API. */
class A1111Drawer implements ToolDrawer {
  readonly abilities: DrawerAbilities;
  readonly #client: A1111Client;
  readonly #choices: A1111Choices;
  readonly #model: A1111Model;
  readonly #options: ToolOptions;
  readonly #everyMs: number;

  constructor(client: A1111Client, choices: A1111Choices, model: A1111Model, options: A1111Options) {
    this.#client = client;
    this.#choices = choices;
    this.#model = model;
    this.#options = options;
    this.#everyMs = options.everyMs ?? usualEveryMs;
    this.abilities = abilitiesOfSampling(client.place.connection, schedulersOf(choices));
  }

  /** One request a picture: of one that draws several, all are lost with it. */
  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    requireSettings(order.settings, this.abilities);
    const { settings, init, count } = order;
    const { text: prompt, notes } = writePrompt(order.words);
    const { text: negative } = writePrompt(settings.negative.split(/\s+/u).map((text) => ({ text, weight: 1 })));
    const names = namesOf(settings.scheduler, this.#choices);
    if (names === null) throw new Error(`a scheduler that was not offered: ${settings.scheduler}`);
    const { pictures } = this.#options;
    const start = init === null ? null : await this.#toStart(init, settings, context.signal);
    const { steps, guidance, width, height } = settings;
    for (let index = 0; index < count; index += 1) {
      const sent = {
        ...{ prompt, negative_prompt: negative, seed: order.seed + index, steps, cfg_scale: guidance, width, height },
        ...{ sampler_name: names.sampler, ...(names.schedule === null ? {} : { scheduler: names.schedule }) },
        ...(init === null ? {} : { denoising_strength: init.strength }),
        ...(start?.mask === undefined ? {} : masking),
        ...(names.sigma === null ? {} : { override_settings: { schedulers_sigma: names.sigma } }),
      };
      const drawn = await this.#drawOne(sent, start, { index, count }, context);
      const picture = readBase64Picture(drawn.image);
      if (picture === null) throw this.#noPicture();
      await this.#options.meter.count(null);
      this.#requireModel(drawn.info);
      const png = await toOwnPng(pictures, picture.bytes, context.signal);
      context.onPicture({ png, seed: sent.seed, recipe: this.#toRecipe(order, sent, drawn.info, notes), fidelity: null });
    }
  }

  async #drawOne(
    sent: Readonly<Record<string, unknown>> & { readonly steps: number; readonly override_settings?: object },
    start: Start | null,
    { index, count }: { readonly index: number; readonly count: number },
    context: DrawContext,
  ): Promise<{ readonly image: string; readonly info: A1111Info }> {
    this.#options.meter.requireBudget();
    const value = {
      ...sent,
      ...{ batch_size: 1, n_iter: 1, send_images: true, save_images: false },
      // The model stays chosen there: taking it back would load two models for every picture.
      ...{ override_settings: { ...sent.override_settings, sd_model_checkpoint: this.#model.title } },
      override_settings_restore_afterwards: false,
      ...(start === null ? {} : { init_images: [toBase64(start.picture)], resize_mode: 0 }),
      ...(start?.mask === undefined ? {} : { mask: toBase64(start.mask) }),
    };
    const [ended, lost] = [new AbortController(), new AbortController()];
    // A server that tells of its progress gives a sign of life with it; any other has to answer within the patience.
    const tellsProgress = (await this.#client.readProgress(context.signal)) !== null;
    const order = { steps: sent.steps, from: index / count, share: 1 / count, everyMs: this.#everyMs, signal: ended.signal };
    const watching = tellsProgress
      ? watchProgress(this.#client, order, context, (error) => lost.abort(error))
      : Promise.resolve();
    try {
      const limits = tellsProgress ? { firstByteMs: null } : undefined;
      const signal = AbortSignal.any([context.signal, lost.signal]);
      return await this.#client.draw(start === null ? 'txt2img' : 'img2img', value, limits, signal);
    } catch (error) {
      if (context.signal.aborted) await this.#stop(context);
      throw error;
    } finally {
      ended.abort();
      await watching;
    }
  }

  async #toStart({ source, mask }: NonNullable<ToolDrawOrder['init']>, size: DrawSettings, signal: AbortSignal): Promise<Start> {
    const { pictures } = this.#options;
    const picture = await toStartPng(pictures, source, size, signal);
    return mask === undefined ? { picture } : { picture, mask: await toMaskPng(pictures, mask.source, size, signal) };
  }

  async #stop({ log }: DrawContext): Promise<void> {
    try {
      await this.#client.interrupt(AbortSignal.timeout(stopLimitMs));
    } catch (error) {
      log(`The tool could not be told to stop: ${String(error)}`);
    }
  }

  /** Servers take a name they do not know for none, and draw with what they have loaded. */
  #requireModel({ sd_model_name: drawnBy }: A1111Info): void {
    const { title, model_name: name } = this.#model;
    if (drawnBy === undefined || drawnBy === '' || drawnBy === name || title.startsWith(drawnBy)) return;
    const { host } = this.#client.place;
    const hint = 'Look at the window of that program: it may have failed to load the model.';
    throw new StudioError('tool-failed', `${host} drew with ${drawnBy} and not with ${name}.`, hint, { host, drawnBy });
  }

  #noPicture(): StudioError {
    const { host } = this.#client.place;
    const hint = 'Look at the window of that program, then draw again.';
    return new StudioError('answer-unreadable', `${host} sent back what is no picture.`, hint, { host });
  }

  #toRecipe(
    { text, init }: ToolDrawOrder,
    sent: Readonly<Record<string, unknown>> & { readonly seed: number },
    info: A1111Info,
    notes: readonly string[],
  ): ToolRecipe {
    return {
      ...{ schemaVersion: recipeVersion, kind: 'tool', tool: 'a1111', host: this.#client.place.host },
      ...{ model: this.#model.model_name, text, parameters: { ...sent } },
      answer: { ...info, notes: [...notes] },
      seed: info.seed ?? sent.seed,
      init: initOfRecipe({ init }),
    };
  }
}

const schedulersOf = (choices: A1111Choices): SchedulerName[] =>
  schedulerNameSchema.options.filter((name) => namesOf(name, choices) !== null);

async function choose(
  client: A1111Client,
  signal: AbortSignal,
): Promise<{ readonly choices: A1111Choices; readonly model: A1111Model }> {
  const choices = await client.readChoices(signal);
  const model = findModel(choices.models, client.place.connection.model);
  if (model === undefined) throw client.place.unknownModel(choices.models.map(({ model_name: name }) => name));
  return { choices, model };
}

/**
 * Asks a server what it has, and gives what draws with it.
 * @throws StudioError `tool-refused` for a model it does not have; as ToolPlace.read does
 */
export async function openA1111(client: A1111Client, options: A1111Options, signal: AbortSignal): Promise<ToolDrawer> {
  const { choices, model } = await choose(client, signal);
  return new A1111Drawer(client, choices, model, options);
}

/** What a server has; nothing is drawn. Throws as openA1111 does. */
export async function testA1111(client: A1111Client, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  const { choices } = await choose(client, signal);
  const models = choices.models.map(({ model_name: name }) => name);
  return { program: 'A server with the API of the web UI', models, schedulers: schedulersOf(choices).length };
}
