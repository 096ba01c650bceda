import type { HandedOut, TransferOrder, TransferPlace } from '../../contract/transfer.ts';
import { writeForMidjourney } from '../prompt/write-for-midjourney.ts';

/** Midjourney draws so many pictures of one text. */
const PICTURES_OF_A_TEXT = 4;

/**
 * The seed that a text is handed out with: as many places of a row share a text as pictures come of it, so that a person carries no
 * text more than is needed.
 */
export function seedHandedOut(
  { settings }: Pick<TransferOrder, 'settings'>,
  { seedIndex }: Pick<TransferPlace, 'seedIndex'>,
): number {
  return (settings.seed ?? 0) + Math.floor(seedIndex / PICTURES_OF_A_TEXT);
}

/** What a person takes to the tool of a place that no program can ask; null for all other places. */
export function handOut(order: TransferOrder, place: TransferPlace): HandedOut | null {
  const row = order.rows[place.row];
  if (row === undefined || order.tools[place.column]?.type !== 'midjourney') return null;
  const { negative, steps, guidance, width, height } = order.settings;
  return writeForMidjourney(row.prompt, {
    seed: seedHandedOut(order, place),
    ...(width === undefined || height === undefined ? {} : { aspect: ratioOf(width, height) }),
    ...(negative === undefined ? {} : { negative }),
    ...(steps === undefined ? {} : { steps }),
    ...(guidance === undefined ? {} : { guidance }),
  });
}

function ratioOf(width: number, height: number): string {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
  const by = common(width, height);
  return `${width / by}:${height / by}`;
}
