import type { ChosenCount } from '../../state/library/count-chosen.ts';
import type { LibraryPart } from '../../state/library/library-context.ts';
import { describeCount } from './describe-count.ts';
import { say } from '../../language/say.ts';

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
    ? ['library-open-stack', 'library-put-back', 'library-lineage', 'library-delete']
    : [
        'library-open-stack',
        'library-open',
        'library-similar',
        'library-lineage',
        'library-compare',
        'library-start-picture',
        'library-take-drawn',
        'library-rename',
        'save-picture',
        'copy-prompt',
        'library-star',
        'library-trash',
      ];
  const count = library.chosenCount;
  const what = count !== null && count.pictures + count.texts > 1 ? count : null;
  return ids.flatMap((id) => {
    const command = shortcuts.find(id);
    if (command === null) return [];
    const disabled = (command.whyNot?.() ?? null) !== null;
    const apart = id === 'save-picture' || id === 'library-star' || id === 'library-delete';
    // Only where there is a stack: it would be a line that never does anything.
    if (id === 'library-open-stack' && disabled) return [];
    return [
      {
        name: what === null ? command.name() : (nameWith(id, what, library) ?? command.name()),
        keys: shortcuts.describe(id),
        disabled,
        apart,
        run: command.run,
      },
    ];
  });
}

/** The name of an act that is done to more than one item says to how many; null for one that is not. */
function nameWith(id: string, count: ChosenCount, { chosen }: LibraryPart['library']): string | null {
  const what = describeCount(count);
  switch (id) {
    case 'library-trash':
      return say('library.act.trash', { what });
    case 'library-put-back':
      return say('library.act.putBack', { what });
    case 'library-star':
      return say(chosen.starred ? 'library.act.unstar' : 'library.act.star', { what });
    case 'library-delete':
      return say('library.act.delete', { what });
    case 'save-picture':
      return say('library.act.save', { what: say('library.count.pictures', { count: count.pictures }) });
    default:
      return null;
  }
}
