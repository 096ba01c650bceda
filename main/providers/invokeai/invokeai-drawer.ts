import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ToolTest } from '../../../contract/outside/connection.ts';
import { StudioError } from '../../../contract/errors.ts';
import { recipeVersion, schedulerNameSchema } from '../../../contract/recipe.ts';
import type { SchedulerName, ToolRecipe } from '../../../contract/recipe.ts';
import { nameSampler } from '../../metadata/name-sampler.ts';
import type { DrawContext, ToolDrawer, ToolDrawOrder } from '../../ports/drawer.ts';
import { writeInvokeai } from '../../prompt/dialects/invokeai.ts';
import { drawingIdOf } from '../drawing-id.ts';
import { runQueued } from '../run-queued.ts';
import type { QueuedTimes, QueuedTool } from '../run-queued.ts';
import { abilitiesOfSampling, fitSeed, requireSettings } from '../tool-settings.ts';
import type { ToolOptions } from '../tool-settings.ts';
import { toOwnPng, toStartPng } from '../to-own-png.ts';
import type { InvokeaiModel, QueueItem } from './invokeai-answers.ts';
import type { InvokeaiClient } from './invokeai-client.ts';
import { composeInvokeaiGraph, sideOf } from './invokeai-graph.ts';
import type { InvokeaiInputs } from './invokeai-graph.ts';

/** What the nodes of our graphs do, and where in the drawing of one picture they begin: 0..1. */
const phases: Readonly<Record<string, { readonly phase: 'loading' | 'encoding' | 'decoding'; readonly from: number }>> = {
  model: { phase: 'loading', from: 0 },
  positive: { phase: 'encoding', from: 0.04 },
  negative: { phase: 'encoding', from: 0.05 },
  picture: { phase: 'decoding', from: 0.92 },
};
const sampling = { from: 0.06, to: 0.9 };
const seeds = { least: 0, most: 4_294_967_295 };

const schedulersThere: SchedulerName[] = schedulerNameSchema.options.filter((name) => nameSampler(name).invokeai !== null);

function namesOf(scheduler: SchedulerName): string {
  const name = nameSampler(scheduler).invokeai;
  if (name === null) throw new Error(`InvokeAI has no ${scheduler}`);
  return name;
}

/** One drawing as the server's queue has it. */
function queueOf(client: InvokeaiClient, inputs: InvokeaiInputs): QueuedTool<QueueItem> {
  const sends = inputs.init === null ? (['text', 'settings'] as const) : (['text', 'settings', 'picture'] as const);
  return {
    place: client.place,
    find: (id, signal) => client.find(id, signal),
    submit: (id, signal) => client.submit(id, composeInvokeaiGraph(id, inputs), sends, signal),
    stop: (id, signal) => client.stop(id, signal),
    listen: (_id, signal) => client.listen(signal),
  };
}

/** An InvokeAI server, with our own graphs. */
class InvokeaiDrawer implements ToolDrawer {
  readonly abilities: DrawerAbilities;
  readonly #client: InvokeaiClient;
  readonly #model: InvokeaiModel;
  readonly #options: InvokeaiOptions;

  constructor(client: InvokeaiClient, model: InvokeaiModel, side: number, options: InvokeaiOptions) {
    this.#client = client;
    this.#model = model;
    this.#options = options;
    const size = { width: side, height: side, multipleOf: 8 };
    this.abilities = { ...abilitiesOfSampling(client.place.connection, schedulersThere), size, masks: false };
  }

  /** One drawing a picture, each with a seed of its own. */
  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    requireSettings(order.settings, this.abilities);
    const { settings, init, count, words } = order;
    const budget = { target: 'invokeai' as const, tokens: 0, limit: null, keptCharacters: null };
    const { text: prompt, notes } = writeInvokeai({ words, options: {}, budget });
    const unwanted = settings.negative.split(/\s+/u).map((text) => ({ text, weight: 1 }));
    const { text: negative } = writeInvokeai({ words: unwanted, options: {}, budget });
    const { pictures } = this.#options;
    const image = init === null ? null : await this.#upload(init, settings, context.signal);
    const { steps, guidance, width, height, scheduler } = settings;
    for (let index = 0; index < count; index += 1) {
      const fitted = fitSeed(order.seed + index, seeds);
      const inputs: InvokeaiInputs = {
        ...{ model: this.#model, prompt, negative, width, height, steps, guidance, seed: fitted.seed },
        scheduler: namesOf(scheduler),
        init: init === null || image === null ? null : { image, strength: init.strength },
      };
      const name = await this.#drawOne(order, inputs, index, context);
      const png = await toOwnPng(pictures, await this.#client.view(name, context.signal), context.signal);
      const recipe = this.#toRecipe(order, inputs, name, [...notes, ...fitted.notes]);
      context.onPicture({ png, seed: inputs.seed, recipe, fidelity: null });
    }
  }

  /** @returns the name of the picture on the server */
  async #drawOne(order: ToolDrawOrder, inputs: InvokeaiInputs, index: number, context: DrawContext): Promise<string> {
    const { meter, times } = this.#options;
    const { count, workId, settings } = order;
    const report = (within: number, progress: Omit<Parameters<DrawContext['onProgress']>[0], 'fraction'>): void =>
      context.onProgress({ fraction: (index + within) / count, ...progress });
    meter.requireBudget();
    const { signal, log, onPreview } = context;
    const hooks = {
      ...{ signal, log, onPreview },
      onWaiting: () => report(0, { phase: 'waiting', step: 0, steps: 0 }),
      onNode: (node: string) => {
        const found = phases[node];
        if (found !== undefined) report(found.from, { phase: found.phase, step: 0, steps: 0 });
      },
      // How far it is comes as a share.
      onStep: (share: number) =>
        report(sampling.from + (sampling.to - sampling.from) * share, {
          ...{ phase: 'denoising', step: Math.round(share * settings.steps), steps: settings.steps },
        }),
    };
    const idOf = (attempt: number): string => drawingIdOf(workId, order.seed + index, attempt);
    const { entry, takenUp } = await runQueued(queueOf(this.#client, inputs), idOf, hooks, times);
    const name = await this.#client.readEnding(entry, signal);
    if (!takenUp) await meter.count(null);
    return name;
  }

  async #upload(
    { source, imageSha256 }: NonNullable<ToolDrawOrder['init']>,
    size: { readonly width: number; readonly height: number },
    signal: AbortSignal,
  ): Promise<string> {
    const png = await toStartPng(this.#options.pictures, source, size, signal);
    return this.#client.upload(png, `dediffusion-${imageSha256.slice(0, 16)}-${size.width}x${size.height}.png`, signal);
  }

  #toRecipe(
    { text, init }: ToolDrawOrder,
    { model, prompt, negative, width, height, steps, guidance, seed, scheduler }: InvokeaiInputs,
    image: string,
    notes: readonly string[],
  ): ToolRecipe {
    return {
      ...{ schemaVersion: recipeVersion, kind: 'tool', tool: 'invokeai', host: this.#client.place.host, model: model.name, text },
      parameters: { prompt, negative, width, height, steps, guidance, seed, scheduler },
      answer: { image, notes: [...notes] },
      seed,
      init: init === null ? null : { imageSha256: init.imageSha256, strength: init.strength },
    };
  }
}

export interface InvokeaiOptions extends ToolOptions {
  /** Absent: the usual ones. */
  readonly times?: QueuedTimes;
}

/** @throws StudioError `tool-refused` for a model that is not there, or whose graph we do not write */
async function choose(
  client: InvokeaiClient,
  signal: AbortSignal,
): Promise<{ readonly models: readonly InvokeaiModel[]; readonly model: InvokeaiModel; readonly side: number }> {
  const { connection, host } = client.place;
  const models = await client.readModels(signal);
  const model = models.find(({ name, key }) => name === connection.model || key === connection.model);
  if (model === undefined) throw client.place.unknownModel(models.map(({ name }) => name));
  const side = sideOf(model.base);
  if (side !== null) return { models, model, side };
  const hint = 'Choose a model of Stable Diffusion 1, 2 or XL.';
  const message = `${model.name} at ${host} is made from ${model.base}, which the studio does not draw with there.`;
  throw new StudioError('tool-refused', message, hint, { host, model: model.name, base: model.base });
}

/**
 * Asks a server what it has, and gives what draws with it.
 * @throws StudioError `tool-refused` for a model it does not have, or that is of another family; as ToolPlace.read does
 */
export async function openInvokeai(client: InvokeaiClient, options: InvokeaiOptions, signal: AbortSignal): Promise<ToolDrawer> {
  const { model, side } = await choose(client, signal);
  return new InvokeaiDrawer(client, model, side, options);
}

/** What a server is and has; nothing is drawn. Throws as openInvokeai does. */
export async function testInvokeai(client: InvokeaiClient, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  const { models } = await choose(client, signal);
  const version = await client.readVersion(signal);
  return { program: `InvokeAI ${version}`, models: models.map(({ name }) => name), schedulers: schedulersThere.length };
}
