import type { MarkedInput, WorkflowMark, WorkflowMarks } from '../../../../contract/outside/workflow.ts';
import { linkOf } from '../../../metadata/comfyui-graph.ts';
import type { ApiGraph } from '../../../metadata/compose-graph.ts';

type Node = ApiGraph[string];

/** A chain of nodes longer than this is a loop, or nobody's. */
const mostSteps = 64;
/** Inputs under which nodes that encode a text have it. */
const textNames = ['text', 'text_g', 'text_l', 't5xxl', 'clip_l', 'prompt'];
/** Inputs under which nodes that only hand a value on keep it. */
const valueNames = ['value', 'string', 'text', 'Text', 'int', 'number', 'seed', 'noise_seed'];

/** A graph that can be walked from a node to those that feed it. */
class GraphWalk {
  readonly #graph: ApiGraph;

  constructor(graph: ApiGraph) {
    this.#graph = graph;
  }

  /** The node an input hangs on, with its number; null for a value. */
  follow(value: unknown): { readonly id: string; readonly node: Node } | null {
    const id = linkOf(value)?.nodeId;
    const node = id === undefined ? undefined : this.#graph[id];
    return id === undefined || node === undefined ? null : { id, node };
  }

  /** Where the value of an input is written: there, or in a node it hangs on; null where no node has it in writing. */
  written(id: string, input: string, steps = 0): MarkedInput | null {
    const value = this.#graph[id]?.inputs[input];
    if (value === undefined || steps > mostSteps) return null;
    if (linkOf(value) === null) return { node: id, input };
    const behind = this.follow(value);
    const name = behind === null ? undefined : valueNames.find((one) => one in behind.node.inputs);
    return behind === null || name === undefined ? null : this.written(behind.id, name, steps + 1);
  }

  /** Every text behind a conditioning. A node with both sides hands each on apart. */
  texts(value: unknown, side: 'positive' | 'negative'): MarkedInput[] {
    const found: MarkedInput[] = [];
    const seen = new Set<string>();
    const waiting: unknown[] = [value];
    while (waiting.length > 0) {
      const behind = this.follow(waiting.shift());
      if (behind === null || seen.has(behind.id) || behind.node.class_type === 'ConditioningZeroOut') continue;
      seen.add(behind.id);
      const { inputs } = behind.node;
      const texts = textNames.flatMap((name) => this.written(behind.id, name) ?? []);
      found.push(...texts);
      if (texts.length > 0) continue;
      if (side in inputs) waiting.push(inputs[side]);
      else waiting.push(...Object.entries(inputs).flatMap(([name, input]) => (name.startsWith('conditioning') ? [input] : [])));
    }
    return found;
  }

  /** The nodes that latents come through, from the sampler back to where they begin. */
  latents(value: unknown): { readonly id: string; readonly node: Node }[] {
    const chain: { readonly id: string; readonly node: Node }[] = [];
    for (let behind = this.follow(value); behind !== null && chain.length < mostSteps;) {
      chain.push(behind);
      const { inputs } = behind.node;
      behind = this.follow(
        inputs['samples'] ?? inputs['latent'] ?? inputs['latent_image'] ?? inputs['pixels'] ?? inputs['image'],
      );
    }
    return chain;
  }
}

/** The first node that samples: it knows what shall be seen, directly or by its guider. */
function findSampler(graph: ApiGraph, walk: GraphWalk) {
  const samplers = Object.entries(graph).flatMap(([id, node]) => {
    const guider = walk.follow(node.inputs['guider']) ?? { id, node };
    const { positive = guider.node.inputs['conditioning'] } = guider.node.inputs;
    const latent = node.inputs['latent_image'] ?? node.inputs['latent'];
    return positive === undefined || linkOf(latent) === null ? [] : [{ id, node, guider, positive, latent }];
  });
  // One that begins with an empty picture comes before those that draw over its own.
  return samplers.find(({ latent }) => walk.follow(latent)?.node.class_type.startsWith('Empty')) ?? samplers[0];
}

/**
 * Where in a graph the studio's words and settings belong, as far as it can be told from how the nodes hang together. A mark that is not
 * given was not found.
 */
export function findMarks(graph: ApiGraph): WorkflowMarks {
  const walk = new GraphWalk(graph);
  const sampler = findSampler(graph, walk);
  if (sampler === undefined) return {};
  const { id, guider, positive, latent, node } = sampler;
  const feeding = [
    { id, node },
    guider,
    ...['noise', 'sigmas', 'sampler'].flatMap((name) => walk.follow(node.inputs[name]) ?? []),
  ];
  const first = (names: readonly string[]): MarkedInput[] => {
    const places = feeding.flatMap((one) => names.flatMap((name) => walk.written(one.id, name) ?? []));
    return places.slice(0, 1);
  };
  const chain = walk.latents(latent);
  const empty = chain.find((one) => 'width' in one.node.inputs && 'height' in one.node.inputs);
  const load = chain.find((one) => one.node.class_type === 'LoadImage');
  const side = (name: string): MarkedInput[] => (empty === undefined ? [] : [walk.written(empty.id, name) ?? []].flat());
  const found: Readonly<Record<WorkflowMark, MarkedInput[]>> = {
    prompt: walk.texts(positive, 'positive'),
    negative: walk.texts(guider.node.inputs['negative'], 'negative'),
    seed: first(['seed', 'noise_seed']),
    width: side('width'),
    height: side('height'),
    steps: first(['steps']),
    guidance: first(['cfg']),
    picture: load === undefined ? [] : [{ node: load.id, input: 'image' }],
    strength: load === undefined ? [] : first(['denoise']),
  };
  return Object.fromEntries(Object.entries(found).filter(([, places]) => places.length > 0));
}
