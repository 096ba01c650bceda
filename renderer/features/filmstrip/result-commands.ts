import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const where = ['studio'] as const;

/** What happens to the results of the picture on the canvas. */
export function listResultCommands(studio: Studio): readonly Command[] {
  const { drawing, manuscript, connection, resultActs, lengthFidelity } = studio;
  const { results } = drawing;
  const missing = (): string | null => (results.selected === null ? 'Nothing has been drawn yet.' : null);
  const away = (): string | null => (connection.connected ? null : 'The studio’s core does not answer.');
  const step = (id: string, name: string, keys: string, by: 1 | -1): Command => ({
    id,
    name,
    keys,
    where,
    whileWriting: false,
    repeats: true,
    run: () => drawing.step(by),
    whyNot: missing,
  });
  return [
    step('next-result', 'Newer result', 'ArrowLeft', 1),
    step('previous-result', 'Older result', 'ArrowRight', -1),
    {
      id: 'toggle-star',
      name: 'Star the result',
      keys: 'S',
      where,
      whileWriting: false,
      run: () => {
        if (results.selected !== null) studio.attempt(resultActs.toggleStar(results.selected));
      },
      whyNot: () => missing() ?? away(),
    },
    {
      id: 'compare-results',
      name: 'Compare two results',
      keys: 'Shift+C',
      where,
      whileWriting: false,
      run: () => results.compare(results.compared === null ? (results.selected?.id ?? null) : null),
      whyNot: () => (results.items.length < 2 ? 'There are not two results yet.' : null),
    },
    {
      id: 'open-result-words',
      name: 'Open the words of the result',
      keys: null,
      where,
      whileWriting: false,
      run: () => {
        if (results.selected !== null) studio.attempt(resultActs.openWordsOf(results.selected));
      },
      whyNot: () => missing() ?? away(),
    },
    {
      id: 'delete-result',
      name: 'Move the result to the trash',
      keys: 'Delete',
      where,
      whileWriting: false,
      run: () => {
        if (results.selected !== null) studio.attempt(resultActs.remove(results.selected));
      },
      whyNot: () => missing() ?? away(),
    },
    {
      id: 'duplicate',
      name: 'Keep the text as a version',
      keys: 'Mod+D',
      where,
      whileWriting: true,
      run: () => studio.attempt(resultActs.duplicate()),
      whyNot: () => (manuscript.document === null ? 'There is no text yet.' : away()),
    },
    {
      id: 'measure-lengths',
      name: 'Measure the fidelity of every length',
      keys: null,
      where,
      whileWriting: true,
      run: () => studio.attempt(lengthFidelity.measure()),
      whyNot: () =>
        manuscript.picture === null ? 'No picture is open.' : lengthFidelity.busy ? 'It is being measured.' : away(),
    },
    {
      id: 'history',
      name: 'History on or off',
      keys: 'Y',
      where,
      whileWriting: false,
      run: () => {
        const { values } = studio.preferences;
        const shown = values.inspectorOpen && values.inspectorTab === 'history';
        studio.preferences.set({ inspectorOpen: true, inspectorTab: shown ? 'generate' : 'history' });
      },
    },
  ];
}
