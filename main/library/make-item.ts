import type { LibraryBulkUpdate, LibraryItem } from '../../contract/library.ts';
import { createId } from '../storage/create-id.ts';
import type { ItemChange, NewItem } from './library.ts';

/** What every new item has, whatever its kind. */
export function makeItem(createdMs: number, given: NewItem) {
  return {
    id: createId(createdMs),
    createdMs,
    title: given.title,
    named: false,
    starred: false,
    trashed: false,
    boards: [...(given.boards ?? [])],
    parents: [...(given.parents ?? [])],
  };
}

/** The item with a change made. The same object when nothing changed. */
export function changeItem(item: LibraryItem, change: ItemChange & LibraryBulkUpdate['change']): LibraryItem {
  const { title = item.title, starred = item.starred, trashed = item.trashed, addToBoard, takeFromBoard } = change;
  const named = change.named ?? (change.title === undefined ? item.named : title !== '');
  const boards = item.boards.filter((id) => id !== takeFromBoard);
  if (addToBoard !== undefined && !boards.includes(addToBoard)) boards.push(addToBoard);
  const changed = { ...item, title, named, starred, trashed, boards };
  if (changed.kind === 'generation' && change.fidelity !== undefined) changed.fidelity = change.fidelity;
  const same =
    title === item.title &&
    named === item.named &&
    starred === item.starred &&
    trashed === item.trashed &&
    change.fidelity === undefined &&
    boards.join() === item.boards.join();
  return same ? item : changed;
}
