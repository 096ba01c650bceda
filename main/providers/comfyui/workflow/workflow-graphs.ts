import type { DrawerAbilities } from '../../../../contract/models/abilities.ts';
import type { ToolConnection } from '../../../../contract/outside/connection.ts';
import { workflowMarkSchema } from '../../../../contract/outside/workflow.ts';
import type { WorkflowMark, WorkflowMarks } from '../../../../contract/outside/workflow.ts';
import { StudioError } from '../../../../contract/errors.ts';
import type { ApiGraph } from '../../../metadata/compose-graph.ts';
import type { DrawSettings } from '../../../ports/drawer.ts';
import { abilitiesOfSampling, requireSettings } from '../../tool-settings.ts';
import type { ComfyuiGraphs, GraphOrder } from '../comfyui-graphs.ts';

/** An artist's graph as the server takes it, with the places that the studio writes to. */
export interface OpenedWorkflow {
  readonly graph: ApiGraph;
  readonly marks: WorkflowMarks;
}

function readNumber({ graph, marks }: OpenedWorkflow, mark: WorkflowMark): number | null {
  const [place] = marks[mark] ?? [];
  const value = place === undefined ? undefined : graph[place.node]?.inputs[place.input];
  return typeof value === 'number' ? value : null;
}

function readText({ graph, marks }: OpenedWorkflow, mark: WorkflowMark): string {
  const [place] = marks[mark] ?? [];
  const value = place === undefined ? undefined : graph[place.node]?.inputs[place.input];
  return typeof value === 'string' ? value : '';
}

/** What can be set follows from what is marked; what is not, and what is left out, is as the artist saved it. */
function abilitiesOf(workflow: OpenedWorkflow, connection: Pick<ToolConnection, 'family'>): DrawerAbilities {
  const has = (mark: WorkflowMark): boolean => (workflow.marks[mark] ?? []).length > 0;
  const usual = abilitiesOfSampling(connection, []);
  const { size, defaults } = usual;
  return {
    ...usual,
    size: {
      ...{ width: readNumber(workflow, 'width') ?? size.width, height: readNumber(workflow, 'height') ?? size.height },
      multipleOf: size.multipleOf,
    },
    defaults: {
      ...defaults,
      ...{
        steps: readNumber(workflow, 'steps') ?? defaults.steps,
        guidance: readNumber(workflow, 'guidance') ?? defaults.guidance,
      },
      negative: readText(workflow, 'negative'),
    },
    // Which of the graph's own schedulers it is stays the artist's.
    ...{ sampling: has('steps') && has('guidance'), schedulers: [], negative: has('negative') },
    ...{ initPictures: has('picture'), masks: false, seeds: has('seed') },
  };
}

const valueOf: Readonly<Record<WorkflowMark, (order: GraphOrder) => string | number | null>> = {
  prompt: ({ prompt }) => prompt,
  negative: ({ negative }) => negative,
  seed: ({ seed }) => seed,
  width: ({ settings }) => settings.width,
  height: ({ settings }) => settings.height,
  steps: ({ settings }) => settings.steps,
  guidance: ({ settings }) => settings.guidance,
  picture: ({ init }) => init?.image ?? null,
  strength: ({ init }) => init?.strength ?? null,
};

/** An artist's own graph. What is marked is written into a copy of it for each picture. */
export function workflowGraphs(connection: Pick<ToolConnection, 'model' | 'family'>, workflow: OpenedWorkflow): ComfyuiGraphs {
  const { graph, marks } = workflow;
  const abilities = abilitiesOf(workflow, connection);
  const { size } = abilities;
  return {
    model: connection.model,
    abilities,
    requireSettings: (settings: DrawSettings) => {
      requireSettings(settings, abilities);
      for (const side of ['width', 'height'] as const) {
        if ((marks[side] ?? []).length > 0 || settings[side] === size[side]) continue;
        const hint = `Leave the size out, or mark the input that is its ${side}.`;
        throw new StudioError('bad-request', `This workflow draws in a ${side} of its own.`, hint, { [side]: settings[side] });
      }
    },
    compose: (order) => {
      const parameters: Record<string, unknown> = {};
      const nodes = structuredClone(graph) as Record<string, { inputs: Record<string, unknown> } & ApiGraph[string]>;
      for (const mark of workflowMarkSchema.options) {
        const value = valueOf[mark](order);
        const places = marks[mark] ?? [];
        // Without a picture to start from, the artist's own stays.
        if (value === null || places.length === 0) continue;
        parameters[mark] = value;
        for (const { node, input } of places) {
          const found = nodes[node];
          if (found !== undefined) found.inputs[input] = value;
        }
      }
      return { graph: nodes, parameters };
    },
    samplers: (marks.seed ?? []).map(({ node }) => node),
  };
}
