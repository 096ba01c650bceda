import type { DrawerAbilities } from '../../contract/models/abilities.ts';
import type { ToolConnection, ToolFamily } from '../../contract/outside/connection.ts';
import { mostPicturesAtOnce } from '../../contract/recipe.ts';
import type { SchedulerName } from '../../contract/recipe.ts';
import { StudioError } from '../../contract/errors.ts';
import type { PictureReader } from '../image/picture-reader.ts';
import type { DrawSettings } from '../ports/drawer.ts';
import type { Meter } from './meter.ts';

/** What every tool's drawer works with. */
export interface ToolOptions {
  readonly pictures: PictureReader;
  readonly meter: Meter;
}

const sides: Readonly<Record<ToolFamily, number>> = { 'sd-1': 512, sdxl: 1024 };

/** What a tool offers that samples as we do, with these schedulers: the size is what models of its family draw best, in pixels. */
export function abilitiesOfSampling(
  { family }: Pick<ToolConnection, 'family'>,
  schedulers: readonly SchedulerName[],
): DrawerAbilities {
  const usual = (['dpmpp-2m-karras', 'euler'] as const).find((name) => schedulers.includes(name));
  return {
    size: { width: sides[family], height: sides[family], multipleOf: 8 },
    defaults: { steps: 20, guidance: 7, scheduler: usual ?? schedulers[0] ?? 'euler', negative: '' },
    ...{ sampling: true, schedulers: [...schedulers], negative: true, weights: true, initPictures: true, seeds: true },
    ...{ masks: true, guidanceRescale: false, secondPrompt: false, clipSkip: false, emphasis: false },
    ...{ mostPictures: mostPicturesAtOnce, previews: true, cancel: true },
  };
}

/**
 * Whether a tool can draw with such settings: it would take others instead, or draw at another size, without a word.
 * @throws StudioError `scheduler-unknown`, `bad-request`
 */
export function requireSettings(
  { scheduler, width, height }: DrawSettings,
  { schedulers, size, sampling }: DrawerAbilities,
): void {
  if (sampling && schedulers.length > 0 && !schedulers.includes(scheduler)) {
    const hint = `Choose one that it has: ${schedulers.slice(0, 6).join(', ')}.`;
    throw new StudioError('scheduler-unknown', `This tool has no ${scheduler}.`, hint, { scheduler });
  }
  const { multipleOf } = size;
  if (width % multipleOf === 0 && height % multipleOf === 0) return;
  const hint = `Choose sides that are multiples of ${multipleOf}.`;
  throw new StudioError('bad-request', `This tool does not draw ${width} × ${height}.`, hint, { width, height });
}

/** How far a size may be from a ratio to stand for it: 1344 × 768 is 16:9 to services that draw at multiples of 64. */
const nearRatio = 0.03;

/**
 * The ratio of sides by which a service is asked for a size; it draws that at a size of its own.
 * @throws StudioError `bad-request` for a size that is none of its ratios
 */
export function chooseRatio({ width, height }: Pick<DrawSettings, 'width' | 'height'>, ratios: readonly string[]): string {
  const distanceOf = (ratio: string): number => {
    const [across = 1, down = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log((width * down) / (height * across)));
  };
  const [nearest = '1:1'] = [...ratios].sort((a, b) => distanceOf(a) - distanceOf(b));
  if (distanceOf(nearest) <= nearRatio) return nearest;
  const hint = `Choose sides in one of these ratios: ${ratios.join(', ')}.`;
  throw new StudioError('bad-request', `This tool does not draw ${width} × ${height}.`, hint, { width, height });
}

/**
 * A seed as a tool takes it, from `least` to `most`: one outside of that is brought into it, always in the same way, with a note.
 */
export function fitSeed(
  seed: number,
  { least, most }: { readonly least: number; readonly most: number },
): { readonly seed: number; readonly notes: readonly string[] } {
  if (seed >= least && seed <= most) return { seed, notes: [] };
  const fitting = least + (seed % (most - least + 1));
  return { seed: fitting, notes: [`This tool takes seeds from ${least} to ${most}, so ${seed} became ${fitting}.`] };
}
