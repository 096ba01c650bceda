import { z } from 'zod';
import { parseLooseJson } from './parse-loose-json.ts';

/** One node of a ComfyUI graph: its inputs are values, or links to an output of another node. */
export interface ComfyuiNode {
  readonly id: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
export type ComfyuiGraph = ReadonlyMap<string, ComfyuiNode>;

const mostNodes = 5_000;
const linkSchema = z.tuple([z.union([z.string(), z.number()]), z.number().int().nonnegative()]);

/** The node and output an input is linked to; null for a value. */
export function linkOf(value: unknown): { readonly nodeId: string; readonly output: number } | null {
  const parsed = linkSchema.safeParse(value);
  return parsed.success ? { nodeId: String(parsed.data[0]), output: parsed.data[1] } : null;
}

const apiNodeSchema = z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) });

/** The graph as the server takes it, from the text named `prompt`; null for anything else. */
export function readApiGraph(text: string): ComfyuiGraph | null {
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseLooseJson(text));
  if (!parsed.success) return null;
  const graph = new Map<string, ComfyuiNode>();
  for (const [id, value] of Object.entries(parsed.data).slice(0, mostNodes)) {
    const node = apiNodeSchema.safeParse(value);
    if (node.success) graph.set(id, { id, type: node.data.class_type, inputs: node.data.inputs });
  }
  return graph.size === 0 ? null : graph;
}

/** Values of nodes in a page's file stand in a row without names; `_` is a control of the page that the server never sees. */
const widgets: Readonly<Record<string, readonly string[]>> = {
  KSampler: ['seed', '_', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
  KSamplerAdvanced: ['add_noise', 'noise_seed', '_', 'steps', 'cfg', 'sampler_name', 'scheduler'],
  SamplerCustom: ['add_noise', 'noise_seed', '_', 'cfg'],
  CLIPTextEncode: ['text'],
  CLIPTextEncodeSDXL: ['width', 'height', 'crop_w', 'crop_h', 'target_width', 'target_height', 'text_g', 'text_l'],
  CLIPTextEncodeFlux: ['clip_l', 't5xxl', 'guidance'],
  CheckpointLoaderSimple: ['ckpt_name'],
  CheckpointLoader: ['config_name', 'ckpt_name'],
  UNETLoader: ['unet_name', 'weight_dtype'],
  LoraLoader: ['lora_name', 'strength_model', 'strength_clip'],
  EmptyLatentImage: ['width', 'height', 'batch_size'],
  EmptySD3LatentImage: ['width', 'height', 'batch_size'],
  RandomNoise: ['noise_seed', '_'],
  BasicScheduler: ['scheduler', 'steps', 'denoise'],
  KSamplerSelect: ['sampler_name'],
  CFGGuider: ['cfg'],
  FluxGuidance: ['guidance'],
  PrimitiveNode: ['value', '_'],
  PrimitiveString: ['value'],
  PrimitiveStringMultiline: ['value'],
};

const pageNodeSchema = z.looseObject({
  id: z.union([z.number(), z.string()]),
  type: z.string(),
  mode: z.number().optional().catch(undefined),
  inputs: z
    .array(z.looseObject({ name: z.string(), link: z.number().nullish() }))
    .optional()
    .catch(undefined),
  widgets_values: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .optional()
    .catch(undefined),
});
const pageLinkSchema = z
  .tuple([z.number(), z.union([z.number(), z.string()]), z.number()])
  .rest(z.unknown())
  .transform(([id, from, output]) => ({ id, from: String(from), output }));
const pageSchema = z.looseObject({ nodes: z.array(z.unknown()), links: z.array(z.unknown()).default([]) });
/** Nodes that a person has switched off. */
const offModes = new Set([2, 4]);

/** The graph as ComfyUI's page keeps it, from the text named `workflow`; null for anything else. Nodes that are switched off are left out. */
export function readPageGraph(text: string): ComfyuiGraph | null {
  const parsed = pageSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return null;
  const links = new Map<number, [string, number]>();
  for (const value of parsed.data.links) {
    const link = pageLinkSchema.safeParse(value);
    if (link.success) links.set(link.data.id, [link.data.from, link.data.output]);
  }
  const graph = new Map<string, ComfyuiNode>();
  for (const value of parsed.data.nodes.slice(0, mostNodes)) {
    const node = pageNodeSchema.safeParse(value);
    if (!node.success || offModes.has(node.data.mode ?? 0)) continue;
    const { id, type, inputs = [], widgets_values: values = [] } = node.data;
    const named = Array.isArray(values) ? nameValues(values, widgets[type] ?? []) : values;
    const linked = inputs.flatMap(({ name, link }): [string, unknown][] => {
      const from = typeof link === 'number' ? links.get(link) : undefined;
      return from === undefined ? [] : [[name, from]];
    });
    graph.set(String(id), { id: String(id), type, inputs: { ...named, ...Object.fromEntries(linked) } });
  }
  return graph.size === 0 ? null : graph;
}

function nameValues(values: readonly unknown[], names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name, index) => (name === '_' || index >= values.length ? [] : [[name, values[index]]])),
  );
}
