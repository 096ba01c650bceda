import type { DrawerAbilities } from '../../contract/abilities.ts';
import type { ToolConnection, ToolFamily } from '../../contract/connection.ts';
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

/** The size models of a family draw best, in pixels. */
export function sizesOf({ family }: Pick<ToolConnection, 'family'>): DrawerAbilities['size'] {
  return { width: sides[family], height: sides[family], multipleOf: 8 };
}

/**
 * Whether a tool can draw with such settings: it would take others instead, or draw at another size, without a word.
 * @throws StudioError `scheduler-unknown`, `bad-request`
 */
export function requireSettings(
  { scheduler, width, height }: DrawSettings,
  { schedulers, size, sampling }: DrawerAbilities,
): void {
  if (sampling && !schedulers.includes(scheduler)) {
    const hint = `Choose one that it has: ${schedulers.slice(0, 6).join(', ')}.`;
    throw new StudioError('scheduler-unknown', `This tool has no ${scheduler}.`, hint, { scheduler });
  }
  const { multipleOf } = size;
  if (width % multipleOf === 0 && height % multipleOf === 0) return;
  const hint = `Choose sides that are multiples of ${multipleOf}.`;
  throw new StudioError('bad-request', `This tool does not draw ${width} × ${height}.`, hint, { width, height });
}
