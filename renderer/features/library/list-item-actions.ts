import type { LibraryPart } from '../../state/library/library-context.ts';

interface ItemAction {
  readonly name: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly apart?: boolean;
  readonly run: () => void;
}

/** The menu of the chosen items: the commands of the Library that apply to them, with their keys. */
export function listItemActions({ shortcuts, library }: LibraryPart): readonly ItemAction[] {
  const trash = library.question.section.type === 'trash';
  const ids = trash
    ? ['library-put-back', 'library-lineage', 'library-delete']
    : [
        'library-open',
        'library-similar',
        'library-lineage',
        'library-compare',
        'library-start-picture',
        'save-picture',
        'copy-prompt',
        'library-star',
        'library-trash',
      ];
  return ids.flatMap((id) => {
    const command = shortcuts.find(id);
    if (command === null) return [];
    const disabled = (command.whyNot?.() ?? null) !== null;
    const apart = id === 'save-picture' || id === 'library-star' || id === 'library-delete';
    return [{ name: command.name(), keys: shortcuts.describe(id), disabled, apart, run: command.run }];
  });
}
