import type { TakenElsewhere } from '../../contract/drawn-elsewhere.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Transfer, TransferCell, TransferPlace, TransferTake, TransferTaken } from '../../contract/transfer.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
import { keepBrought } from '../work/take-drawn-elsewhere.ts';
import type { BroughtPicture } from '../work/take-drawn-elsewhere.ts';
import { seedHandedOut } from './hand-out.ts';
import type { Transfers } from './transfers.ts';

type Services = Parameters<typeof keepBrought>[0] & { readonly transfers: Transfers };

/** The places of a row in one column, which its text was handed out for. */
interface Handed {
  readonly id: string;
  readonly text: string;
  readonly transfer: Transfer;
  readonly cells: readonly TransferCell[];
}

const isAwaited = ({ state }: TransferCell): boolean => state === 'awaited';

/** What was handed out in a grid, what is still waited for first. */
function listHanded(transfer: Transfer): Handed[] {
  const byRow = new Map<string, TransferCell[]>();
  for (const cell of transfer.cells) {
    const id = `${transfer.id} ${cell.row} ${cell.column}`;
    if (cell.handedOut !== null) byRow.set(id, [...(byRow.get(id) ?? []), cell]);
  }
  return [...byRow]
    .map(([id, cells]) => ({ id, text: cells[0]?.handedOut?.text ?? '', transfer, cells }))
    .sort((a, b) => Number(b.cells.some(isAwaited)) - Number(a.cells.some(isAwaited)));
}

/** Those whose seed the picture names; all where it names none of theirs. */
function narrow({ cells, transfer }: Handed, { own }: BroughtPicture): readonly TransferCell[] {
  const named = cells.filter((cell) => own?.seed === String(seedHandedOut(transfer, cell)));
  return named.length > 0 ? named : cells;
}

/**
 * Keeps the picture, and gives it or its parts, one after the other, to the places of `among` that wait; `first` is given the first of them
 * whatever it has.
 */
async function keep(
  services: Services,
  brought: BroughtPicture,
  { transfer: { id, rows }, among, first, cut }: KeepOrder,
  signal: AbortSignal,
): Promise<TransferTaken> {
  const { transfers } = services;
  const row = rows[among[0]?.row ?? -1];
  if (row === undefined) throw new Error(`the transfer ${id} has no such row`);
  const parents = row.itemId === null ? [] : [row.itemId];
  const items = await keepBrought(services, brought, { text: row.text, parents, cut }, signal);
  const isAmong = (cell: TransferPlace): boolean => among.some((one) => isSamePlace(one, cell));
  // As they are now: another picture may have come meanwhile.
  const cells = transfers.get(id).cells.filter(isAmong);
  const open = cells.filter((cell) => isAwaited(cell) && (first === undefined || !isSamePlace(cell, first)));
  const shown = new Set(first === undefined ? cells.map(({ itemId }) => itemId) : []);
  const places = first === undefined ? open : [first, ...open];
  transfers.fill(
    id,
    items
      .filter((item) => !shown.has(item.id))
      .flatMap((item, at) => {
        const place = places[at];
        return place === undefined ? [] : [{ place, item }];
      }),
  );
  const transfer = transfers.get(id);
  const kept = new Set<string | null>(items.map((item) => item.id));
  const told = transfer.cells.filter((cell) => isAmong(cell) && kept.has(cell.itemId));
  return { transfer, cells: told.map(({ row: at, column, seedIndex }) => ({ row: at, column, seedIndex })), items };
}

interface KeepOrder {
  readonly transfer: Transfer;
  /** Of one row and one column; never empty. */
  readonly among: readonly TransferCell[];
  readonly first?: TransferPlace;
  readonly cut: TransferTake['cut'];
}

const isSamePlace = (a: TransferPlace, b: TransferPlace): boolean =>
  a.row === b.row && a.column === b.column && a.seedIndex === b.seedIndex;

/**
 * Brings a picture of the library to the place of a grid that its text was handed out for, found by what stands in its file, or by its
 * name, or named. Where it is four, the parts fill what else waits for that text; what there is no place for stays in the library. Done
 * again, it gives the same.
 *
 * @throws StudioError `not-found` where no text of the grid fits, `bad-request` for a place that a tool draws; as `keepBrought`
 */
export async function takeForTransfer(
  services: Services,
  brought: BroughtPicture,
  { transferId, cell: first, cut }: Omit<TransferTake, 'itemId' | 'name'>,
  signal: AbortSignal,
): Promise<TransferTaken> {
  const transfer = services.transfers.get(transferId);
  const handed = listHanded(transfer);
  if (first !== undefined) {
    const among = handed.find(({ cells }) => cells.some((cell) => isSamePlace(cell, first)))?.cells;
    if (among !== undefined) return keep(services, brought, { transfer, among, first, cut }, signal);
    const hint = 'Choose a place of the column Midjourney.';
    throw new StudioError('bad-request', 'That place of the grid takes no picture by hand.', hint, { transferId });
  }
  const matched = matchPrompt(brought.signs, handed);
  if (matched === null) {
    const message = `No text that this grid waits for fits ${brought.signs.name}.`;
    throw new StudioError('not-found', message, 'Name the file as its text begins, or say which place it is for.', {
      transferId,
      itemId: brought.item.id,
    });
  }
  return keep(services, brought, { transfer, among: narrow(matched.candidate, brought), cut }, signal);
}

/** The same for whichever grid waits for the picture, the newest first; null where none does. */
export async function takeForAnyTransfer(
  services: Services,
  brought: BroughtPicture,
  cut: TransferTake['cut'],
  signal: AbortSignal,
): Promise<TakenElsewhere | null> {
  const { transfers } = services;
  const waiting = transfers.list().filter(({ counts }) => counts.awaited > 0);
  const handed = waiting.flatMap(({ id }) => listHanded(transfers.get(id)).filter(({ cells }) => cells.some(isAwaited)));
  const matched = matchPrompt(brought.signs, handed);
  if (matched === null) return null;
  const { candidate, by } = matched;
  const { items } = await keep(
    services,
    brought,
    { transfer: candidate.transfer, among: narrow(candidate, brought), cut },
    signal,
  );
  const row = candidate.transfer.rows[candidate.cells[0]?.row ?? -1];
  return { prompt: row?.itemId == null ? null : { itemId: row.itemId, text: row.text, by }, items };
}
