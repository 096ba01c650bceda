import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;

/** What happens to the results of the picture on the canvas. */
export function listResultCommands(page: Page): readonly Command[] {
  const { drawing, work, connection, resultActions, lengthFidelity } = page;
  const { results } = drawing;
  const missing = (): string | null => (results.selected === null ? say('hindrance.nothingDrawn') : null);
  const away = (): string | null => connection.whyNot;
  const step = (id: 'next-result' | 'previous-result', keys: string, by: 1 | -1): Command => ({
    id,
    name: () => say(`command.${id}`),
    keys,
    where,
    whileWriting: false,
    repeats: true,
    run: () => drawing.step(by),
    whyNot: missing,
  });
  return [
    step('next-result', 'ArrowLeft', 1),
    step('previous-result', 'ArrowRight', -1),
    {
      id: 'toggle-star',
      name: () => say('command.toggle-star'),
      keys: 'S',
      where,
      whileWriting: false,
      run: () => {
        if (results.selected !== null) page.attempt(resultActions.toggleStar(results.selected));
      },
      whyNot: () => missing() ?? away(),
    },
    {
      id: 'compare-results',
      name: () => say('command.compare-results'),
      keys: 'Shift+C',
      where,
      whileWriting: false,
      run: () => results.compare(results.compared === null ? (results.selected?.id ?? null) : null),
      whyNot: () => (results.items.length < 2 ? say('filmstrip.notTwo') : null),
    },
    {
      id: 'keep-variant',
      name: () => say('command.keep-variant'),
      keys: 'K',
      where,
      whileWriting: false,
      run: () => {
        const { selected, variants } = results;
        if (selected === null) return;
        page.attempt(
          resultActions.keepOnly(
            selected,
            variants.filter(({ id }) => id !== selected.id),
          ),
        );
      },
      whyNot: () => (results.variants.length === 0 ? say('filmstrip.noVariants') : away()),
    },
    {
      id: 'open-result-words',
      name: () => say('command.open-result-words'),
      keys: null,
      where,
      whileWriting: false,
      run: () => {
        if (results.selected !== null) page.attempt(resultActions.openWordsOf(results.selected));
      },
      whyNot: () => missing() ?? away(),
    },
    {
      id: 'delete-result',
      name: () => say('command.delete-result'),
      keys: 'Delete',
      where,
      whileWriting: false,
      run: () => {
        if (results.selected !== null) page.attempt(resultActions.remove(results.selected));
      },
      whyNot: () => missing() ?? away(),
    },
    {
      id: 'duplicate',
      name: () => say('command.duplicate'),
      keys: 'Mod+D',
      where,
      whileWriting: true,
      run: () => page.attempt(resultActions.duplicate()),
      whyNot: () => (work.document === null ? say('hindrance.noText') : away()),
    },
    {
      id: 'measure-lengths',
      name: () => say('command.measure-lengths'),
      keys: null,
      where,
      whileWriting: true,
      run: () => page.attempt(lengthFidelity.measure()),
      whyNot: () =>
        work.picture === null ? say('hindrance.noOpenPicture') : lengthFidelity.busy ? say('filmstrip.measuring') : away(),
    },
    {
      id: 'history',
      name: () => say('command.history'),
      keys: 'Y',
      where,
      whileWriting: false,
      run: () => page.dock.toggle('history'),
    },
  ];
}
