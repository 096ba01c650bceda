import type { WordValue } from '../../../../contract/job.ts';

/** How many steps a value is shown in, above and below nothing. */
const steps = 4;

/** Differences below this are the scorer's last digit and show nothing. */
const leastValue = 0.001;

export interface ValueScale {
  /** The greatest value either way: what the fullest step stands for. */
  readonly most: number;
  /** Slot id → −4..4: how much the slot's word adds (or takes away), in steps of the greatest. */
  readonly levels: ReadonlyMap<string, number>;
}

/** Values as steps that can be told apart by height as well as by colour. */
export function valueLevels(words: readonly WordValue[]): ValueScale {
  const most = Math.max(leastValue, ...words.map(({ value }) => Math.abs(value)));
  const levels = new Map<string, number>();
  for (const { slotIds, value } of words) {
    const size = Math.abs(value) < leastValue ? 0 : Math.max(1, Math.ceil((Math.abs(value) / most) * steps));
    for (const slotId of slotIds) levels.set(slotId, size * Math.sign(value));
  }
  return { most, levels };
}
