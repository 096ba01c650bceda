import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import type { ApiGraph } from '../../../metadata/compose-graph.ts';
import type { NodeInfo } from '../comfyui-answers.ts';

const pageNodeSchema = z.looseObject({
  id: z.union([z.number(), z.string()]).transform(String),
  type: z.string(),
  mode: z.number().catch(0),
  inputs: z.array(z.looseObject({ name: z.string(), type: z.unknown(), link: z.number().nullish() })).catch([]),
  outputs: z.array(z.looseObject({ type: z.unknown() })).catch([]),
  widgets_values: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .nullish()
    .catch(null),
});
type PageNode = z.infer<typeof pageNodeSchema>;

/** Number, node and output it comes from, node and input it goes to, type. */
const pageLinkSchema = z.tuple([z.number(), z.union([z.number(), z.string()]).transform(String), z.number()]).rest(z.unknown());
export const pageGraphSchema = z.looseObject({
  nodes: z.array(pageNodeSchema).min(1).max(5_000),
  links: z.array(pageLinkSchema).catch([]),
  definitions: z
    .looseObject({ subgraphs: z.array(z.unknown()).catch([]) })
    .optional()
    .catch(undefined),
});
export type PageGraph = z.infer<typeof pageGraphSchema>;

/** How the page switches nodes off: one that is muted is left out with what hangs on it, one that is bypassed hands on what it was given. */
const modes = { muted: 2, bypassed: 4 } as const;
/** Nodes of the page alone, which the server does not know. */
const pageOnly: ReadonlySet<string> = new Set(['Note', 'MarkdownNote', 'Reroute', 'PrimitiveNode']);
/** What the page puts behind a seed: whether it changes it after a drawing. */
const seedControls: ReadonlySet<unknown> = new Set(['fixed', 'increment', 'decrement', 'randomize']);
/** A chain of nodes longer than this is a loop. */
const mostSteps = 100;

/** The kinds of nodes that a server has to be asked of. */
export function kindsOf({ nodes }: PageGraph): string[] {
  const kinds = nodes.filter(({ type, mode }) => !pageOnly.has(type) && mode !== modes.muted && mode !== modes.bypassed);
  return [...new Set(kinds.map(({ type }) => type))];
}

const unreadable = (message: string, hint: string): StudioError => new StudioError('bad-request', message, hint);

/** Inputs that are written into the node rather than linked to it: choices, numbers, texts, switches. */
function isWritten(spec: unknown): boolean {
  const [type, options] = Array.isArray(spec) ? (spec as unknown[]) : [];
  const isForced = typeof options === 'object' && options !== null && 'forceInput' in options && options.forceInput === true;
  return !isForced && (Array.isArray(type) || ['INT', 'FLOAT', 'STRING', 'BOOLEAN', 'COMBO'].includes(String(type)));
}

/** Names of a node's written inputs in the order of the page: as the server lists them, what is required first. */
function writtenNames(info: NodeInfo, type: string): string[] {
  const { required, optional = {} } = info[type]?.input ?? { required: {} };
  return [...Object.entries(required), ...Object.entries(optional)].flatMap(([name, spec]) => (isWritten(spec) ? [name] : []));
}

/** The values stand in a row without names, and the page's own control follows each seed. */
function nameValues({ type, widgets_values: values }: PageNode, info: NodeInfo): Record<string, unknown> {
  if (values == null) return {};
  if (!Array.isArray(values)) return values;
  const named: Record<string, unknown> = {};
  let at = 0;
  for (const name of writtenNames(info, type)) {
    if (at >= values.length) break;
    named[name] = values[at];
    at += 1;
    if ((name === 'seed' || name === 'noise_seed') && seedControls.has(values[at])) at += 1;
  }
  return named;
}

/**
 * A graph as ComfyUI's page keeps it, as its server takes it: values are named by what the server says of its nodes, and nodes that the
 * page alone knows are gone.
 *
 * @throws StudioError `bad-request` for a node that the server does not have, and for what only the page can take apart
 */
export function convertPageGraph({ nodes, links, definitions }: PageGraph, info: NodeInfo): ApiGraph {
  if ((definitions?.subgraphs ?? []).length > 0) {
    const hint = 'Save it in ComfyUI with Export (API), and give that file.';
    throw unreadable('This workflow has graphs within its graph, which only ComfyUI takes apart.', hint);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byLink = new Map(links.map(([id, from, output]) => [id, { from, output }]));

  /** What an input is given in the end: a link to a node that the server knows, a value, or nothing. */
  const follow = (linkId: number | null | undefined, steps = 0): { readonly value: unknown } | null => {
    const link = typeof linkId === 'number' ? byLink.get(linkId) : undefined;
    const node = link === undefined ? undefined : byId.get(link.from);
    if (link === undefined || node === undefined || node.mode === modes.muted || steps > mostSteps) return null;
    if (node.type === 'PrimitiveNode') return Array.isArray(node.widgets_values) ? { value: node.widgets_values[0] } : null;
    if (node.type === 'Reroute') return follow(node.inputs[0]?.link, steps + 1);
    if (node.mode !== modes.bypassed) return { value: [link.from, link.output] };
    const { type } = node.outputs[link.output] ?? {};
    return follow(node.inputs.find((input) => input.type === type && typeof input.link === 'number')?.link, steps + 1);
  };

  const graph: Record<string, ApiGraph[string]> = {};
  for (const node of nodes) {
    if (pageOnly.has(node.type) || node.mode === modes.muted || node.mode === modes.bypassed) continue;
    if (info[node.type] === undefined) {
      const message = `That ComfyUI has no node ${node.type}, which this workflow has.`;
      throw unreadable(message, 'Install what brings that node there, or choose another workflow.');
    }
    const linked = node.inputs.flatMap(({ name, link }): [string, unknown][] => {
      const found = follow(link);
      return found === null ? [] : [[name, found.value]];
    });
    graph[node.id] = { class_type: node.type, inputs: { ...nameValues(node, info), ...Object.fromEntries(linked) } };
  }
  return graph;
}
