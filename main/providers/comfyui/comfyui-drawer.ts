import { createHash } from 'node:crypto';
import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ToolTest } from '../../../contract/outside/connection.ts';
import { schedulerNameSchema } from '../../../contract/recipe.ts';
import type { SchedulerName, ToolRecipe } from '../../../contract/recipe.ts';
import type { PictureReader } from '../../image/picture-reader.ts';
import { composeGraph } from '../../metadata/compose-graph.ts';
import type { GraphInputs } from '../../metadata/compose-graph.ts';
import { nameSampler } from '../../metadata/name-sampler.ts';
import { initOfRecipe } from '../../ports/drawer.ts';
import type { DrawContext, ToolDrawer, ToolDrawOrder } from '../../ports/drawer.ts';
import { writeComfyui } from '../../prompt/dialects/comfyui.ts';
import { abilitiesOfSampling, requireSettings } from '../tool-settings.ts';
import type { ToolOptions } from '../tool-settings.ts';
import type { Meter } from '../meter.ts';
import { toMaskPng, toOwnPng, toStartPng } from '../to-own-png.ts';
import type { ComfyuiChoices, ComfyuiClient } from './comfyui-client.ts';
import { drawPrompt } from './draw-prompt.ts';
import type { DrawnPrompt, PromptTimes } from './draw-prompt.ts';

/** What the nodes of our graphs do, and where in the drawing of one picture they begin: 0..1. */
const phases: Readonly<
  Record<string, { readonly phase: 'loading' | 'encoding' | 'decoding' | 'saving'; readonly from: number }>
> = {
  '4': { phase: 'loading', from: 0 },
  '6': { phase: 'encoding', from: 0.04 },
  '7': { phase: 'encoding', from: 0.04 },
  '11': { phase: 'encoding', from: 0.05 },
  '8': { phase: 'decoding', from: 0.92 },
  '9': { phase: 'saving', from: 0.98 },
};
const sampling = { from: 0.06, to: 0.9 };

/** The studio's schedulers that a server has too, by the same names that pictures' files are written and read with. */
function schedulersOf({ samplers, schedulers }: ComfyuiChoices): SchedulerName[] {
  return schedulerNameSchema.options.filter((name) => {
    const names = nameSampler(name).comfyui;
    // Flows are stepped by another graph.
    return (
      names !== null && name !== 'flow-match-euler' && samplers.includes(names.sampler) && schedulers.includes(names.scheduler)
    );
  });
}

function namesOf(scheduler: SchedulerName): { readonly sampler: string; readonly scheduler: string } {
  const names = nameSampler(scheduler).comfyui;
  if (names === null) throw new Error(`ComfyUI has no ${scheduler}`);
  return names;
}

/** In the form of a UUID, the same for the same work. */
function promptIdOf(workId: string, seed: number, attempt: number): string {
  const hex = createHash('sha256').update(`${workId} ${seed} ${attempt}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function toRecipe(
  { place }: ComfyuiClient,
  order: ToolDrawOrder,
  { model, prompt, init, ...sent }: GraphInputs,
  { promptId, cached, picture }: DrawnPrompt,
  notes: readonly string[],
): ToolRecipe {
  const { text } = order;
  return {
    ...{ schemaVersion: 5, kind: 'tool', tool: 'comfyui', host: place.host, model, text },
    parameters: { prompt, ...sent, ...(init === null ? {} : { denoise: init.strength }) },
    answer: { promptId, file: picture.filename, cached, notes: [...notes] },
    seed: sent.seed,
    init: initOfRecipe(order),
  };
}

/** A ComfyUI server, with our own graphs. */
class ComfyuiDrawer implements ToolDrawer {
  readonly abilities: DrawerAbilities;
  readonly #client: ComfyuiClient;
  readonly #pictures: PictureReader;
  readonly #meter: Meter;
  readonly #times: PromptTimes | undefined;

  constructor(client: ComfyuiClient, choices: ComfyuiChoices, { pictures, meter, times }: ComfyuiOptions) {
    this.#client = client;
    this.#pictures = pictures;
    this.#meter = meter;
    this.#times = times;
    this.abilities = abilitiesOfSampling(client.place.connection, schedulersOf(choices));
  }

  /** One prompt a picture: pictures of one batch of ComfyUI share a noise, and none has a seed of its own. */
  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    requireSettings(order.settings, this.abilities);
    const { settings, init, count, words } = order;
    const { model, family } = this.#client.place.connection;
    const budget = { target: 'comfyui' as const, tokens: 0, limit: null, keptCharacters: null };
    const { text: prompt, notes } = writeComfyui({ words, options: {}, budget });
    const unwanted = settings.negative.split(/\s+/u).map((text) => ({ text, weight: 1 }));
    const { text: negative } = writeComfyui({ words: unwanted, options: {}, budget });
    const start = init === null ? null : await this.#uploadStart(init, settings, context.signal);
    const { steps, guidance, width, height } = settings;
    for (let index = 0; index < count; index += 1) {
      const inputs = {
        ...{ model, family, prompt, negative, width, height, steps, guidance, seed: order.seed + index },
        ...namesOf(settings.scheduler),
        init: start,
      };
      const drawn = await this.#drawOne(order, inputs, index, context);
      const bytes = await this.#client.view(drawn.picture, context.signal);
      const png = await toOwnPng(this.#pictures, bytes, context.signal);
      const recipe = toRecipe(this.#client, order, inputs, drawn, notes);
      context.onPicture({ png, seed: inputs.seed, recipe, fidelity: null });
    }
  }

  async #drawOne(order: ToolDrawOrder, inputs: GraphInputs, index: number, context: DrawContext): Promise<DrawnPrompt> {
    const { count, workId } = order;
    const report = (within: number, progress: Omit<Parameters<DrawContext['onProgress']>[0], 'fraction'>): void =>
      context.onProgress({ fraction: (index + within) / count, ...progress });
    this.#meter.requireBudget();
    const { signal, log, onPreview } = context;
    const drawn = await drawPrompt(
      this.#client,
      {
        idOf: (attempt) => promptIdOf(workId, inputs.seed, attempt),
        graph: composeGraph(inputs),
        sends: inputs.init === null ? ['text', 'settings'] : ['text', 'settings', 'picture'],
      },
      {
        ...{ signal, log, onPreview },
        onWaiting: (ahead) => report(0, { phase: 'waiting', step: 0, steps: 0, ahead }),
        onNode: (node) => {
          const found = phases[node];
          if (found !== undefined) report(found.from, { phase: found.phase, step: 0, steps: 0 });
        },
        onStep: (step, steps) =>
          report(sampling.from + ((sampling.to - sampling.from) * step) / steps, { phase: 'denoising', step, steps }),
      },
      this.#times,
    );
    if (!drawn.takenUp) await this.#meter.count(null);
    return drawn;
  }

  async #uploadStart(
    { source, imageSha256, strength, mask }: NonNullable<ToolDrawOrder['init']>,
    size: { readonly width: number; readonly height: number },
    signal: AbortSignal,
  ): Promise<NonNullable<GraphInputs['init']>> {
    const upload = (png: Uint8Array, sha256: string): Promise<string> =>
      this.#client.upload(png, `dediffusion-${sha256.slice(0, 16)}-${size.width}x${size.height}.png`, signal);
    const image = await upload(await toStartPng(this.#pictures, source, size, signal), imageSha256);
    if (mask === undefined) return { image, mask: null, strength };
    return { image, mask: await upload(await toMaskPng(this.#pictures, mask.source, size, signal), mask.sha256), strength };
  }
}

export interface ComfyuiOptions extends ToolOptions {
  /** Absent: the usual ones. */
  readonly times?: PromptTimes;
}

/**
 * Asks a server what it has, and gives what draws with it.
 * @throws StudioError `tool-refused` for a model it does not have; as ToolPlace.read does
 */
export async function openComfyui(client: ComfyuiClient, options: ComfyuiOptions, signal: AbortSignal): Promise<ToolDrawer> {
  const choices = await client.readChoices(signal);
  if (!choices.models.includes(client.place.connection.model)) throw client.place.unknownModel(choices.models);
  return new ComfyuiDrawer(client, choices, options);
}

/** What a server is and has; nothing is drawn. Throws as openComfyui does. */
export async function testComfyui(client: ComfyuiClient, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  const choices = await client.readChoices(signal);
  if (!choices.models.includes(client.place.connection.model)) throw client.place.unknownModel(choices.models);
  const version = await client.readVersion(signal);
  return { program: `ComfyUI ${version}`.trim(), models: [...choices.models], schedulers: schedulersOf(choices).length };
}
