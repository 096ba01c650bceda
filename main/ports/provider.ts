import type { PackAbilities } from '../../contract/models/abilities.ts';
import type { DrawingMemory, DrawingMemoryQuestion } from '../../contract/models/drawing-memory.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import type { StudioError } from '../../contract/errors.ts';
import type { Captioner } from './captioner.ts';
import type { PackDrawer, ToolDrawer } from './drawer.ts';
import type { PictureFeatures } from './picture-features.ts';
import type { Reader } from './reader.ts';
import type { Lane } from './lane.ts';
import type { Scorer } from './scorer.ts';

/**
 * Whoever runs the models of packs. Work asks it for a reader, a drawer or a scorer and never learns what is behind them.
 *
 * Their calls reject with `context.signal.reason` when cancelled, and with a StudioError for what can be expected; where models
 * run in a process that may die, that is `engine-crashed`, after which the same call may be made again.
 */
export interface Provider {
  /** Where its work waits. */
  readonly lane: Lane;
  abilitiesOf(pack: ResolvedPack): PackAbilities;
  /**
   * Whether a drawing fits into memory; null where that cannot be told.
   * @throws StudioError pack-role-missing for a pack that cannot draw pictures
   */
  judgeMemory(pack: ResolvedPack, drawing: DrawingMemoryQuestion): Promise<DrawingMemory | null>;
  /** @throws StudioError pack-role-missing for a pack that cannot read pictures */
  reader(pack: ResolvedPack): Reader;
  /** @throws StudioError pack-role-missing for a pack that cannot draw pictures */
  drawer(pack: ResolvedPack): PackDrawer;
  /** @throws StudioError pack-role-missing for a pack that cannot compare pictures */
  scorer(pack: ResolvedPack): Scorer;
  /** @throws StudioError pack-role-missing for a pack without the features that FID is measured by */
  features(pack: ResolvedPack): PictureFeatures;
  /** @throws StudioError pack-role-missing for a pack that writes no captions */
  captioner(pack: ResolvedPack): Captioner;
  /** Says that one input is what crashed the models' process, so that these crashes do not make it give up. */
  explainCrashes(): void;
}

/** The tools that a person connected, by the ids of their connections. */
export interface Tools {
  /** Where a tool's work may wait: at one server or more; also for a connection that was removed, whose work fails when it begins. */
  lanesOf(connectionId: string): readonly [Lane, ...Lane[]];
  /** How many drawings may wait at each server at a time: one that has a queue of its own is given the next while it draws one. */
  widthOf(connectionId: string): number;
  /**
   * What is told of a drawing there that the end of the studio broke off and that is not begun again by itself, because it would be
   * paid again; null where it is begun again.
   * @param count Pictures of the drawing
   */
  brokenOff(connectionId: string, count: number): StudioError | null;
  /**
   * Asks the tool what it has.
   * @param lane whose server draws, as long as it can be reached; null: any of them
   * @throws StudioError `not-found`, `bad-request` for a connection that does not draw, `consent-needed`; as the tool's drawing does
   */
  open(connectionId: string, lane: Lane | null, signal: AbortSignal): Promise<ToolDrawer>;
}
