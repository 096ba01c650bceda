import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { linkOf, readApiGraph, readPageGraph } from '../comfyui-graph.ts';
import type { ComfyuiGraph, ComfyuiNode } from '../comfyui-graph.ts';
import { makeMetadata } from '../make-metadata.ts';
import { nameScheduler } from '../name-scheduler.ts';

/** A chain of nodes longer than this is a loop, or nobody's. */
const mostSteps = 64;

/** Inputs under which nodes that only hand a value on keep it. */
const valueNames = ['text', 'string', 'value', 'Text', 'prompt', 'populated_text', 'seed', 'noise_seed', 'int', 'number'];

/** ComfyUI: the graph as the server took it (`prompt`), or as the page keeps it (`workflow`). Null where neither is a graph. */
export function readComfyui(texts: { readonly prompt?: string; readonly workflow?: string }): PictureMetadata | null {
  const graph =
    (texts.prompt === undefined ? null : readApiGraph(texts.prompt)) ??
    (texts.workflow === undefined ? null : readPageGraph(texts.workflow));
  return graph === null ? null : describeGraph(graph);
}

function describeGraph(graph: ComfyuiGraph): PictureMetadata | null {
  const samplers = [...graph.values()].filter(({ type }) => /sampler/i.test(type) && !/select/i.test(type));
  const first = samplers.find((node) => beginsEmpty(graph, node)) ?? samplers[0];
  const look = (names: readonly string[]): unknown => (first === undefined ? undefined : findAlong(graph, first, names));
  const sampler = look(['sampler_name']);
  const shape = look(['scheduler']);
  const guider = first === undefined ? undefined : (follow(graph, first.inputs['guider']) ?? first);
  const positive = guider?.inputs['positive'] ?? guider?.inputs['conditioning'];
  const latent = first === undefined ? undefined : findEmptyLatent(graph, first);
  const { text, second } = textsOf(graph, positive, 'positive');
  return makeMetadata({
    writer: 'comfyui',
    prompt: positive === undefined ? onlyText(graph) : text,
    ...(second === text ? {} : { secondPrompt: second }),
    negative: textsOf(graph, guider?.inputs['negative'], 'negative').text,
    dialect: 'comfyui',
    seed: look(['seed', 'noise_seed']),
    width: resolve(graph, latent?.inputs['width']),
    height: resolve(graph, latent?.inputs['height']),
    steps: look(['steps']),
    guidance: look(['cfg']),
    sampler,
    scheduler: typeof sampler === 'string' ? nameScheduler(sampler, typeof shape === 'string' ? shape : '') : null,
    model: [...graph.values()].flatMap(({ inputs }) => inputs['ckpt_name'] ?? inputs['unet_name'] ?? [])[0],
    notes: {
      scheduler: shape,
      'distilled guidance': [...graph.values()].find(({ type }) => type === 'FluxGuidance')?.inputs['guidance'],
      denoise: look(['denoise']) === 1 ? null : look(['denoise']),
      loras: [...graph.values()].flatMap(({ inputs }) => (typeof inputs['lora_name'] === 'string' ? [inputs['lora_name']] : [])),
      'nodes that sample': samplers.length > 1 ? samplers.length : null,
    },
  });
}

function follow(graph: ComfyuiGraph, value: unknown): ComfyuiNode | undefined {
  const link = linkOf(value);
  return link === null ? undefined : graph.get(link.nodeId);
}

/** The value itself, or what the nodes it is linked to hand on. */
function resolve(graph: ComfyuiGraph, value: unknown, steps = 0): unknown {
  const node = follow(graph, value);
  if (node === undefined || steps > mostSteps) return linkOf(value) === null ? value : undefined;
  const { inputs } = node;
  if ('string_a' in inputs) {
    const [a, b] = [inputs['string_a'], inputs['string_b']].map((part) => resolve(graph, part, steps + mostSteps / 8));
    const between = inputs['delimiter'];
    return [a, b].filter((part) => typeof part === 'string').join(typeof between === 'string' ? between : '');
  }
  const name = valueNames.find((one) => one in inputs);
  return name === undefined ? undefined : resolve(graph, inputs[name], steps + 1);
}

/** The first of these inputs at a node, or at what feeds its sampler, noise, levels and guider. */
function findAlong(graph: ComfyuiGraph, node: ComfyuiNode, names: readonly string[]): unknown {
  const feeding = ['noise', 'sigmas', 'sampler', 'guider'].flatMap((name) => follow(graph, node.inputs[name]) ?? []);
  for (const { inputs } of [node, ...feeding]) {
    const name = names.find((one) => one in inputs);
    if (name !== undefined) return resolve(graph, inputs[name]);
  }
  return undefined;
}

function findEmptyLatent(graph: ComfyuiGraph, sampler: ComfyuiNode): ComfyuiNode | undefined {
  let node = follow(graph, sampler.inputs['latent_image'] ?? sampler.inputs['latent']);
  for (let steps = 0; node !== undefined && steps < mostSteps; steps += 1) {
    if (/empty.*latent/i.test(node.type)) return node;
    node = follow(graph, node.inputs['samples'] ?? node.inputs['latent'] ?? node.inputs['latent_image']);
  }
  return undefined;
}

function beginsEmpty(graph: ComfyuiGraph, sampler: ComfyuiNode): boolean {
  return follow(graph, sampler.inputs['latent_image'] ?? sampler.inputs['latent'])?.type.startsWith('Empty') === true;
}

/** Texts of every encoder behind a conditioning, in their order, each once: as SDXL's first encoder reads them, and as its second does. */
function textsOf(
  graph: ComfyuiGraph,
  value: unknown,
  side: 'positive' | 'negative',
): { readonly text: string; readonly second: string } {
  const texts = new Set<string>();
  const seconds = new Set<string>();
  const seen = new Set<string>();
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const node = follow(graph, waiting.shift());
    if (node === undefined || seen.has(node.id) || node.type === 'ConditioningZeroOut') continue;
    seen.add(node.id);
    const { inputs } = node;
    const wordsAt = (name: string): string[] => {
      const text = resolve(graph, inputs[name]);
      return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
    };
    const [first, second] = [wordsAt('text_l'), wordsAt('text_g')];
    const shared = ['text', 't5xxl', 'clip_l'].flatMap(wordsAt);
    if ([first, second, shared].some(({ length }) => length > 0)) {
      // Where one of the two reads nothing, there is one text.
      for (const text of [...(first.length > 0 ? first : second), ...shared]) texts.add(text);
      for (const text of [...(second.length > 0 ? second : first), ...shared]) seconds.add(text);
      continue;
    }
    // A node with both sides hands each on apart.
    if (side in inputs) waiting.push(inputs[side]);
    else waiting.push(...Object.entries(inputs).flatMap(([name, input]) => (name.startsWith('conditioning') ? [input] : [])));
  }
  return { text: [...texts].join('\n'), second: [...seconds].join('\n') };
}

/** Where nothing samples: the one text there is. */
function onlyText(graph: ComfyuiGraph): string {
  const encoders = [...graph.values()].filter(({ type }) => type.startsWith('CLIPTextEncode'));
  const text = encoders.length === 1 ? resolve(graph, encoders[0]?.inputs['text']) : undefined;
  return typeof text === 'string' ? text : '';
}
