import type { LibraryRow } from '../../../contract/library.ts';
import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import { nameOf } from './describe-item.ts';
import { say } from '../../language/say.ts';

const where = ['library'] as const;
const away = { where, whileWriting: false } as const;

/** What is done in the Library. */
export function listLibraryCommands(page: Page): readonly Command[] {
  const { library } = page;
  const { chosen, exporting, selection } = library;
  const act = (task: Promise<unknown>): void => page.attempt(task);
  const inTrash = (): boolean => library.question.section.type === 'trash';
  const noneChosen = (): string | null => (selection.size === 0 ? say('library.noneChosen') : null);
  const unlessTrash = (): string | null => (inTrash() ? say('library.putBackFirst') : noneChosen());
  const onlyTrash = (): string | null => (inTrash() ? noneChosen() : say('library.onlyInTrash'));

  function leave(): void {
    if (library.view.type !== 'grid') library.back();
    else if (library.question.stack !== null && selection.size < 2) act(library.stacks.close());
    else if (selection.size > 0) selection.clear();
    else if (library.question.likeness !== null) library.set({ likeness: null });
  }

  return [
    {
      id: 'library-search',
      name: () => say('command.library-search'),
      keys: 'Mod+F',
      where,
      whileWriting: true,
      run: focusSearch,
    },
    {
      id: 'library-open',
      name: () => say('command.library-open'),
      // Enter does it too, but only in the grid: elsewhere it presses what has the focus.
      keys: null,
      ...away,
      run: () => act(chosen.open()),
      whyNot: unlessTrash,
    },
    {
      id: 'library-open-stack',
      name: () => say('command.library-open-stack'),
      // Enter does it too, in the grid.
      keys: null,
      ...away,
      run: openStack,
      whyNot: () => (stackAtFocus() === null ? say('library.noStackChosen') : null),
    },
    {
      id: 'library-stacks',
      name: () => say('command.library-stacks'),
      keys: 'G',
      ...away,
      run: () => library.showStacks(!library.question.stacked),
    },
    {
      id: 'library-rename',
      name: () => say('command.library-rename'),
      keys: 'Shift+F2',
      ...away,
      run: () => document.querySelector<HTMLInputElement>('#library-title')?.select(),
      whyNot: () => (selection.size === 1 ? null : say('library.chooseOne')),
    },
    {
      id: 'library-similar',
      name: () => say('command.library-similar'),
      keys: 'F',
      ...away,
      run: () => act(chosen.findSimilar()),
      whyNot: unlessTrash,
    },
    {
      id: 'library-lineage',
      name: () => say('command.library-lineage'),
      keys: 'L',
      ...away,
      run: () => chosen.showLineage(),
      whyNot: noneChosen,
    },
    {
      id: 'library-compare',
      name: () => say('command.library-compare'),
      keys: 'C',
      ...away,
      run: () => chosen.compare(),
      whyNot: () => (selection.size === 2 ? null : say('library.chooseTwo')),
    },
    {
      id: 'library-start-picture',
      name: () => say('command.library-start-picture'),
      keys: null,
      ...away,
      run: () => act(chosen.useAsStart()),
      whyNot: unlessTrash,
    },
    {
      id: 'library-take-drawn',
      name: () => say('command.library-take-drawn'),
      keys: null,
      ...away,
      run: () => act(chosen.takeDrawn()),
      whyNot: unlessTrash,
    },
    {
      id: 'save-picture',
      name: () => say('command.library-save-pictures'),
      keys: 'Mod+S',
      ...away,
      run: () => act(exporting.savePictures()),
      whyNot: () => (exporting.progress === null ? noneChosen() : say('library.areBeingSaved')),
    },
    {
      id: 'copy-prompt',
      name: () => say('command.library-copy-texts'),
      keys: 'Mod+Shift+C',
      ...away,
      run: () => act(exporting.copyTexts()),
      whyNot: noneChosen,
    },
    {
      id: 'library-star',
      name: () => say('command.library-star'),
      keys: 'S',
      ...away,
      run: () => act(chosen.star()),
      whyNot: unlessTrash,
    },
    {
      id: 'library-trash',
      name: () => say('command.library-trash'),
      keys: 'Delete',
      ...away,
      run: throwAway,
      whyNot: noneChosen,
    },
    {
      id: 'library-put-back',
      name: () => say('command.library-put-back'),
      keys: null,
      ...away,
      run: () => act(chosen.trash(false)),
      whyNot: onlyTrash,
    },
    {
      id: 'library-delete',
      name: () => say('command.library-delete'),
      keys: null,
      ...away,
      run: () => act(library.deletion.ask('chosen')),
      whyNot: onlyTrash,
    },
    {
      id: 'library-select-all',
      name: () => say('command.library-select-all'),
      keys: 'Mod+A',
      ...away,
      run: () => act(library.selectAll()),
    },
    { id: 'library-leave', name: () => say('command.library-leave'), keys: 'Escape', ...away, run: leave },
    {
      id: 'undo',
      name: () => say('command.undo'),
      keys: 'Mod+Z',
      ...away,
      run: () => act(library.actions.undo()),
      whyNot: () => (library.actions.canUndo ? null : say('hindrance.nothingToUndo')),
    },
  ];

  function stackAtFocus(): LibraryRow | null {
    const row = selection.size === 1 ? library.row(selection.focus) : null;
    return row?.stack == null ? null : row;
  }

  function openStack(): void {
    const row = stackAtFocus();
    if (row !== null) act(library.stacks.open(selection.focus, nameOf(row)));
  }

  function throwAway(): void {
    if (inTrash()) act(library.deletion.ask('chosen'));
    else act(chosen.trash(true));
  }
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('#library-search')?.focus();
}
