import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ToolTest } from '../../../contract/outside/connection.ts';
import { writeMarks } from '../../../contract/outside/workflow.ts';
import { recipeVersion } from '../../../contract/recipe.ts';
import type { ToolRecipe } from '../../../contract/recipe.ts';
import type { PictureReader } from '../../image/picture-reader.ts';
import { initOfRecipe } from '../../ports/drawer.ts';
import type { DrawContext, ToolDrawOrder } from '../../ports/drawer.ts';
import { writeComfyui } from '../../prompt/dialects/comfyui.ts';
import { drawingIdOf } from '../drawing-id.ts';
import type { Meter } from '../meter.ts';
import type { QueuedTimes } from '../run-queued.ts';
import type { ToolOptions } from '../tool-settings.ts';
import { toMaskPng, toOwnPng, toStartPng } from '../to-own-png.ts';
import type { ComfyuiChoices, ComfyuiClient } from './comfyui-client.ts';
import { phaseOf, samplingStretch } from './comfyui-graphs.ts';
import type { ComfyuiGraphs, GraphOrder } from './comfyui-graphs.ts';
import { drawPrompt } from './draw-prompt.ts';
import type { DrawnPrompt } from './draw-prompt.ts';
import { ownGraphs, schedulersOf } from './own-graphs.ts';
import type { FindingDrawer } from './pool-drawer.ts';
import { openWorkflow } from './workflow/open-workflow.ts';
import { workflowGraphs } from './workflow/workflow-graphs.ts';

/** A ComfyUI server, with our own graphs or an artist's. */
class ComfyuiDrawer implements FindingDrawer {
  readonly abilities: DrawerAbilities;
  readonly #client: ComfyuiClient;
  readonly #graphs: ComfyuiGraphs;
  readonly #pictures: PictureReader;
  readonly #meter: Meter;
  readonly #times: QueuedTimes | undefined;

  constructor(client: ComfyuiClient, graphs: ComfyuiGraphs, { pictures, meter, times }: ComfyuiOptions) {
    this.#client = client;
    this.#graphs = graphs;
    this.#pictures = pictures;
    this.#meter = meter;
    this.#times = times;
    this.abilities = graphs.abilities;
  }

  /** One prompt a picture: pictures of one batch of ComfyUI share a noise, and none has a seed of its own. */
  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    this.#graphs.requireSettings(order.settings);
    const { settings, init, count, words } = order;
    const budget = { target: 'comfyui' as const, tokens: 0, limit: null, keptCharacters: null };
    const { text: prompt, notes } = writeComfyui({ words, options: {}, budget });
    const writePlain = (plain: string): string =>
      writeComfyui({ words: plain.split(/\s+/u).map((text) => ({ text, weight: 1 })), options: {}, budget }).text;
    const second = settings.secondPrompt;
    const texts = {
      ...{ prompt, negative: writePlain(settings.negative) },
      ...(second === undefined ? {} : { secondPrompt: writePlain(second) }),
    };
    const start = init === null ? null : await this.#uploadStart(init, settings, context.signal);
    for (let index = 0; index < count; index += 1) {
      const drawing: GraphOrder = {
        ...{ ...texts, settings, seed: order.seed + index },
        init: start,
      };
      const { graph, parameters } = this.#graphs.compose(drawing);
      const drawn = await this.#drawOne(order, drawing, graph, index, context);
      const bytes = await this.#client.view(drawn.picture, context.signal);
      const png = await toOwnPng(this.#pictures, bytes, context.signal);
      const recipe = this.#toRecipe(order, drawing.seed, parameters, drawn, notes);
      context.onPicture({ png, seed: drawing.seed, recipe, fidelity: null });
    }
  }

  async hasBegun({ workId, seed, count }: ToolDrawOrder, signal: AbortSignal): Promise<boolean> {
    for (let index = 0; index < count; index += 1) {
      const standing = await this.#client.find(drawingIdOf(workId, seed + index, 0), signal);
      if (standing !== null) return true;
    }
    return false;
  }

  async #drawOne(
    { count, workId }: ToolDrawOrder,
    { seed, init }: GraphOrder,
    graph: ReturnType<ComfyuiGraphs['compose']>['graph'],
    index: number,
    context: DrawContext,
  ): Promise<DrawnPrompt> {
    const report = (within: number, progress: Omit<Parameters<DrawContext['onProgress']>[0], 'fraction'>): void =>
      context.onProgress({ fraction: (index + within) / count, ...progress });
    this.#meter.requireBudget();
    const { signal, log, onPreview } = context;
    const { from, to } = samplingStretch;
    const drawn = await drawPrompt(
      this.#client,
      {
        idOf: (attempt) => drawingIdOf(workId, seed, attempt),
        ...{ graph, samplers: this.#graphs.samplers },
        sends: init === null ? ['text', 'settings'] : ['text', 'settings', 'picture'],
      },
      {
        ...{ signal, log, onPreview },
        onWaiting: (ahead) => report(0, { phase: 'waiting', step: 0, steps: 0, ...(ahead === null ? {} : { ahead }) }),
        onNode: (node) => {
          const found = phaseOf(graph[node]?.class_type);
          if (found !== null) report(found.from, { phase: found.phase, step: 0, steps: 0 });
        },
        onStep: (step, steps) => report(from + ((to - from) * step) / steps, { phase: 'denoising', step, steps }),
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
  ): Promise<NonNullable<GraphOrder['init']>> {
    const upload = (png: Uint8Array, sha256: string): Promise<string> =>
      this.#client.upload(png, `dediffusion-${sha256.slice(0, 16)}-${size.width}x${size.height}.png`, signal);
    const image = await upload(await toStartPng(this.#pictures, source, size, signal), imageSha256);
    if (mask === undefined) return { image, mask: null, strength };
    return { image, mask: await upload(await toMaskPng(this.#pictures, mask.source, size, signal), mask.sha256), strength };
  }

  #toRecipe(
    { text, init }: ToolDrawOrder,
    seed: number,
    parameters: Readonly<Record<string, unknown>>,
    { promptId, cached, picture }: DrawnPrompt,
    notes: readonly string[],
  ): ToolRecipe {
    return {
      ...{
        schemaVersion: recipeVersion,
        kind: 'tool',
        tool: 'comfyui',
        host: this.#client.place.host,
        model: this.#graphs.model,
        text,
      },
      parameters: { ...parameters },
      answer: { promptId, file: picture.filename, cached, notes: [...notes] },
      seed,
      init: initOfRecipe({ init }),
    };
  }
}

export interface ComfyuiOptions extends ToolOptions {
  /** Absent: the usual ones. */
  readonly times?: QueuedTimes;
}

async function openGraphs(
  client: ComfyuiClient,
  signal: AbortSignal,
): Promise<{ readonly graphs: ComfyuiGraphs; readonly choices: ComfyuiChoices; readonly marks: string | null }> {
  const { connection } = client.place;
  const choices = await client.readChoices(signal);
  if (connection.workflow !== null) {
    const workflow = await openWorkflow(client, connection.workflow, signal);
    return { graphs: workflowGraphs(connection, workflow), choices, marks: writeMarks(workflow.marks) };
  }
  if (!choices.models.includes(connection.model)) throw client.place.unknownModel(choices.models);
  return { graphs: ownGraphs(connection, choices), choices, marks: null };
}

/**
 * Asks a server what it has, and gives what draws with it.
 * @throws StudioError `tool-refused` for a model it does not have; as openWorkflow does; as ToolPlace.read does
 */
export async function openComfyui(client: ComfyuiClient, options: ComfyuiOptions, signal: AbortSignal): Promise<FindingDrawer> {
  return new ComfyuiDrawer(client, (await openGraphs(client, signal)).graphs, options);
}

/** What a server is and has; nothing is drawn. Throws as openComfyui does. */
export async function testComfyui(client: ComfyuiClient, signal: AbortSignal): Promise<Omit<ToolTest, 'type' | 'totalMs'>> {
  const { choices, marks } = await openGraphs(client, signal);
  const version = await client.readVersion(signal);
  const found = { program: `ComfyUI ${version}`.trim(), models: [...choices.models], schedulers: schedulersOf(choices).length };
  return marks === null ? found : { ...found, marks };
}
