import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const where = ['library'] as const;
const away = { where, whileWriting: false } as const;

/** What is done in the Library. */
export function listLibraryCommands(studio: Studio): readonly Command[] {
  const { library } = studio;
  const { chosen, exporting, selection } = library;
  const act = (work: Promise<unknown>): void => studio.attempt(work);
  const inTrash = (): boolean => library.question.section.type === 'trash';
  const noneChosen = (): string | null => (selection.size === 0 ? 'Nothing is chosen.' : null);
  const unlessTrash = (): string | null => (inTrash() ? 'Put it back first.' : noneChosen());
  const onlyTrash = (): string | null => (inTrash() ? noneChosen() : 'Only in the trash.');

  function leave(): void {
    if (library.scene.type !== 'grid') library.back();
    else if (selection.size > 0) selection.clear();
    else if (library.question.likeness !== null) library.set({ likeness: null });
  }

  return [
    { id: 'library-search', name: 'Search the library', keys: 'Mod+F', where, whileWriting: true, run: focusSearch },
    {
      id: 'library-open',
      name: 'Open in the Studio',
      // Enter does it too, but only in the grid: elsewhere it presses what has the focus.
      keys: null,
      ...away,
      run: () => act(chosen.open()),
      whyNot: unlessTrash,
    },
    {
      id: 'library-similar',
      name: 'Find similar',
      keys: 'F',
      ...away,
      run: () => act(chosen.findSimilar()),
      whyNot: unlessTrash,
    },
    { id: 'library-lineage', name: 'Show lineage', keys: 'L', ...away, run: () => chosen.showLineage(), whyNot: noneChosen },
    {
      id: 'library-compare',
      name: 'Compare two',
      keys: 'C',
      ...away,
      run: () => chosen.compare(),
      whyNot: () => (selection.size === 2 ? null : 'Choose two items.'),
    },
    {
      id: 'library-start-picture',
      name: 'Use as start picture',
      keys: null,
      ...away,
      run: () => act(chosen.useAsStart()),
      whyNot: unlessTrash,
    },
    {
      id: 'save-picture',
      name: 'Save the chosen pictures as…',
      keys: 'Mod+S',
      ...away,
      run: () => act(exporting.savePictures()),
      whyNot: () => (exporting.progress === null ? noneChosen() : 'Pictures are being saved.'),
    },
    {
      id: 'copy-prompt',
      name: 'Copy the chosen texts',
      keys: 'Mod+Shift+C',
      ...away,
      run: () => act(exporting.copyTexts()),
      whyNot: noneChosen,
    },
    { id: 'library-star', name: 'Star or unstar', keys: 'S', ...away, run: () => act(chosen.star()), whyNot: unlessTrash },
    { id: 'library-trash', name: 'Move to the trash', keys: 'Delete', ...away, run: throwAway, whyNot: noneChosen },
    { id: 'library-put-back', name: 'Put back', keys: null, ...away, run: () => act(chosen.trash(false)), whyNot: onlyTrash },
    {
      id: 'library-delete',
      name: 'Delete for good…',
      keys: null,
      ...away,
      run: () => library.deletion.ask('chosen'),
      whyNot: onlyTrash,
    },
    { id: 'library-select-all', name: 'Choose all', keys: 'Mod+A', ...away, run: () => act(library.selectAll()) },
    { id: 'library-leave', name: 'Back, or choose nothing', keys: 'Escape', ...away, run: leave },
    {
      id: 'undo',
      name: 'Undo',
      keys: 'Mod+Z',
      ...away,
      run: () => act(library.acts.undo()),
      whyNot: () => (library.acts.canUndo ? null : 'There is nothing to undo.'),
    },
  ];

  function throwAway(): void {
    if (inTrash()) library.deletion.ask('chosen');
    else act(chosen.trash(true));
  }
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('#library-search')?.focus();
}
