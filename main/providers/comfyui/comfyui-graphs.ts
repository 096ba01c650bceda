import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ApiGraph } from '../../metadata/compose-graph.ts';
import type { DrawSettings } from '../../ports/drawer.ts';
import type { Progress } from '../../running/run-context.ts';

/** What one picture is drawn from. */
export interface GraphOrder {
  /** All in ComfyUI's own grammar; without a second prompt both encoders of SDXL read the prompt. */
  readonly prompt: string;
  readonly negative: string;
  readonly secondPrompt?: string;
  readonly settings: DrawSettings;
  readonly seed: number;
  /** The picture to start from, as the server calls what was sent there; `strength` (0..1) of it is drawn anew. */
  readonly init: { readonly image: string; readonly mask: string | null; readonly strength: number } | null;
}

/** The graphs a drawer sends: our own, or an artist's with its inputs filled in. */
export interface ComfyuiGraphs {
  /** As recipes name it. */
  readonly model: string;
  readonly abilities: DrawerAbilities;
  /** @throws StudioError `scheduler-unknown`, `bad-request` for settings that the graph would take others for */
  requireSettings(settings: DrawSettings): void;
  /** `parameters` is what a recipe tells of it. */
  compose(order: GraphOrder): { readonly graph: ApiGraph; readonly parameters: Readonly<Record<string, unknown>> };
  /** The nodes that make the picture: where they were not run, it was made before. */
  readonly samplers: readonly string[];
}

interface Phase {
  readonly phase: Progress['phase'];
  /** Where in the drawing of one picture it begins: 0..1. */
  readonly from: number;
}

/** Where in the drawing of one picture the steps lie: 0..1. */
export const samplingStretch = { from: 0.06, to: 0.9 };
const phases: readonly (readonly [RegExp, Phase])[] = [
  [/^(?:CheckpointLoader|UNETLoader|CLIPLoader|DualCLIPLoader|VAELoader|LoraLoader)/u, { phase: 'loading', from: 0 }],
  [/^CLIPTextEncode/u, { phase: 'encoding', from: 0.04 }],
  [/^VAEEncode/u, { phase: 'encoding', from: 0.05 }],
  [/^VAEDecode/u, { phase: 'decoding', from: 0.92 }],
  [/^SaveImage/u, { phase: 'saving', from: 0.98 }],
];

/** What a node does, by its kind; null for one that says nothing to a person, and for those that sample, which tell their steps. */
export function phaseOf(kind: string | undefined): Phase | null {
  return phases.find(([pattern]) => kind !== undefined && pattern.test(kind))?.[1] ?? null;
}
