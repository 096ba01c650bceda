import type { TransferTool } from '../../contract/transfer.ts';
import type { StoredCell } from './transfer-records.ts';

/** Who can draw a cell: a pack, or one connection of its column. */
export type Hand =
  | { readonly name: string; readonly packId: string; readonly connectionId: null }
  | { readonly name: string; readonly packId: null; readonly connectionId: string };

/** How a hand stands just now. */
export interface HandState {
  readonly hand: Hand;
  /** Cells given to it that have not come back. */
  readonly inHand: number;
  /** How many servers draw for it. */
  readonly servers: number;
  /** It could not be reached a moment ago. */
  readonly isResting: boolean;
}

/** A cell that waits for a hand. */
export interface WaitingCell {
  readonly cell: StoredCell;
  /** Names of the hands that could not be reached for it. */
  readonly tried: ReadonlySet<string>;
}

/** For each of its servers: one is drawn and one waits in its lane, so that a server never waits for the studio, and what it was not given yet goes to another. */
const MOST_IN_HAND = 2;
const hasRoom = ({ servers }: HandState, load: number): boolean => load < MOST_IN_HAND * servers;

/** None where a person carries texts and pictures. */
export function handsOf(tool: TransferTool): Hand[] {
  if (tool.type === 'midjourney') return [];
  return tool.type === 'pack'
    ? [{ name: `model ${tool.packId}`, packId: tool.packId, connectionId: null }]
    : tool.connectionIds.map((connectionId) => ({ name: `connection ${connectionId}`, packId: null, connectionId }));
}

/**
 * Which cells of a column are given to whom now: in their order, each to whoever has least in hand for each of its servers. Whoever could not be reached
 * comes last: it is given what nobody else is left for.
 */
export function chooseNext(
  waiting: readonly WaitingCell[],
  hands: readonly HandState[],
): { readonly cell: StoredCell; readonly hand: Hand }[] {
  const loads = new Map(hands.map(({ hand, inHand }) => [hand.name, inHand]));
  const loadOf = ({ hand }: HandState): number => loads.get(hand.name) ?? 0;
  const chosen: { readonly cell: StoredCell; readonly hand: Hand }[] = [];
  for (const { cell, tried } of waiting) {
    if (!hands.some((one) => hasRoom(one, loadOf(one)))) break;
    const untried = hands.filter(({ hand }) => !tried.has(hand.name));
    const awake = untried.filter(({ isResting }) => !isResting);
    const [best] = (awake.length > 0 ? awake : untried)
      .filter((one) => hasRoom(one, loadOf(one)))
      .sort((a, b) => loadOf(a) / a.servers - loadOf(b) / b.servers);
    if (best === undefined) continue;
    loads.set(best.hand.name, loadOf(best) + 1);
    chosen.push({ cell, hand: best.hand });
  }
  return chosen;
}
