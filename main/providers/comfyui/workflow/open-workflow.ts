import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { workflowMarkSchema } from '../../../../contract/outside/workflow.ts';
import type { Workflow, WorkflowMarks } from '../../../../contract/outside/workflow.ts';
import type { ApiGraph } from '../../../metadata/compose-graph.ts';
import { parseLooseJson } from '../../../metadata/parse-loose-json.ts';
import type { ComfyuiClient } from '../comfyui-client.ts';
import { convertPageGraph, kindsOf, pageGraphSchema } from './convert-page-graph.ts';
import { findMarks } from './find-marks.ts';
import type { OpenedWorkflow } from './workflow-graphs.ts';

const apiGraphSchema = z.record(z.string(), z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }));

/** The graph as the server takes it, from either form of export; seeds of 64 bits stay whole, as texts, which ComfyUI takes for numbers. */
async function readGraph(text: string, client: ComfyuiClient, signal: AbortSignal): Promise<ApiGraph> {
  const value = parseLooseJson(text);
  const page = pageGraphSchema.safeParse(value);
  if (page.success) return convertPageGraph(page.data, await client.readNodes(kindsOf(page.data), signal));
  const api = apiGraphSchema.safeParse(value);
  if (api.success && Object.keys(api.data).length > 0) return api.data;
  const hint = 'Save it in ComfyUI with Export or Export (API), and give that file.';
  throw new StudioError('bad-request', 'This file is no workflow of ComfyUI.', hint);
}

/** Every place that a person marked has to be there: a graph that was saved anew may have other numbers. */
function requirePlaces(graph: ApiGraph, marks: WorkflowMarks): void {
  for (const mark of workflowMarkSchema.options) {
    for (const { node, input } of marks[mark] ?? []) {
      const known = graph[node];
      if (known !== undefined && (input in known.inputs || mark === 'picture')) continue;
      const what = known === undefined ? `no node ${node}` : `no input ${input} at node ${node}`;
      const hint = 'Look into the exported file for the number of the node and the name of its input, and mark those.';
      throw new StudioError('bad-request', `The workflow has ${what}, which is marked as ${mark}.`, hint, { mark, node, input });
    }
  }
}

/**
 * Opens an artist's own workflow: in the form the server takes, with what a person marked, and what could be found beside it.
 *
 * @throws StudioError `bad-request` for a file that is no workflow, a node the server does not have, a mark that is nowhere, and a graph
 * without a place for the text; as the client does
 */
export async function openWorkflow(
  client: ComfyuiClient,
  { text, marks }: Workflow,
  signal: AbortSignal,
): Promise<OpenedWorkflow> {
  const graph = await readGraph(text, client, signal);
  requirePlaces(graph, marks);
  const all = { ...findMarks(graph), ...marks };
  if ((all.prompt ?? []).length > 0) return { graph, marks: all };
  const hint = 'Mark it, such as prompt=6.text: the number of the node and the name of its input.';
  throw new StudioError('bad-request', 'The workflow has no place for the text that could be found.', hint);
}
