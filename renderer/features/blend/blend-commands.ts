import { blendKeys } from '../../state/blend/blend-state.ts';
import type { Command } from '../../state/frame/command.ts';
import type { Blend } from '../../state/blend/blend.svelte.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['blend'] as const;

/** Two pictures or texts become one; the keys are those that do the like in the Studio. */
export function listBlendCommands(page: Page, blend: Blend): readonly Command[] {
  const { connection } = page;
  const { texts, writing, refining, drawing } = blend;
  const none = (): string | null => (texts.state[texts.order.open] === null ? say('blend.none') : null);
  const both = (): string | null => (blendKeys.every((key) => texts.state[key] === null) ? say('blend.none') : null);
  return [
    {
      id: 'blend',
      name: () => say('command.blend'),
      keys: 'Mod+Enter',
      where,
      whileWriting: true,
      run: () => page.attempt(writing.run()),
      whyNot: () => writing.whyNot() ?? connection.whyNot,
    },
    {
      id: 'blend-again',
      name: () => say('command.blend-again'),
      keys: 'Mod+Shift+Enter',
      where,
      whileWriting: true,
      run: () => page.attempt(writing.run([texts.order.open])),
      whyNot: () => writing.whyNot() ?? connection.whyNot,
    },
    {
      id: 'blend-refine',
      name: () => say('command.blend-refine'),
      keys: null,
      where,
      whileWriting: true,
      run: () => page.attempt(refining.run(texts.order.open)),
      whyNot: () => refining.whyNot(texts.order.open) ?? connection.whyNot,
    },
    {
      id: 'blend-draw',
      name: () => say('command.blend-draw'),
      keys: 'Mod+D',
      where,
      whileWriting: true,
      run: () => page.attempt(drawing.draw(blendKeys.filter((key) => texts.state[key] !== null))),
      whyNot: () => both() ?? connection.whyNot,
    },
    {
      id: 'cancel-job',
      name: () => say('command.cancel-job'),
      keys: 'Escape',
      where,
      whileWriting: true,
      run: () => {
        if (writing.now !== null) writing.cancel();
        else page.attempt(refining.busy ? refining.cancel() : drawing.cancel());
      },
      whyNot: () => (writing.now !== null || refining.busy || drawing.busy ? null : say('words.nothingRuns')),
    },
    {
      id: 'blend-turn',
      name: () => say('command.blend-turn'),
      keys: 'Alt+T',
      where,
      whileWriting: true,
      run: () => texts.setOrder({ open: texts.order.open === 'aPlusB' ? 'bPlusA' : 'aPlusB' }),
    },
    {
      id: 'blend-exchange',
      name: () => say('command.blend-exchange'),
      keys: 'Alt+X',
      where,
      whileWriting: true,
      run: () => texts.exchange(),
      whyNot: () => (texts.text('a') === '' && texts.text('b') === '' ? say('blend.whyNot.both') : null),
    },
    {
      id: 'blend-open',
      name: () => say('command.blend-open'),
      keys: 'Mod+Shift+E',
      where,
      whileWriting: true,
      run: () => page.attempt(blend.openInStudio(texts.order.open)),
      whyNot: () => none() ?? connection.whyNot,
    },
    {
      id: 'blend-clear',
      name: () => say('command.blend-clear'),
      keys: null,
      where,
      whileWriting: true,
      run: () => texts.clear(),
    },
    {
      id: 'undo',
      name: () => say('command.undo'),
      keys: 'Mod+Z',
      where,
      whileWriting: false,
      repeats: true,
      run: () => texts.undo(),
      whyNot: () => (texts.canUndo ? null : say('hindrance.nothingToUndo')),
    },
    {
      id: 'redo',
      name: () => say('command.redo'),
      keys: 'Mod+Shift+Z',
      where,
      whileWriting: false,
      repeats: true,
      run: () => texts.redo(),
      whyNot: () => (texts.history.canRedo ? null : say('words.nothingToRedo')),
    },
    {
      id: 'lock-word',
      name: () => say('command.lock-word'),
      keys: 'Mod+L',
      where,
      whileWriting: true,
      run: () => page.attempt(blend.toggleLock(texts.order.open, blend.selected)),
      whyNot: () => none() ?? (blend.selected.length === 0 ? say('words.noneSelected') : null),
    },
    {
      id: 'blend-work',
      name: () => say('command.blend-work'),
      keys: null,
      where: ['studio'],
      whileWriting: true,
      run: () => {
        page.place.show('blend');
        page.attempt(blend.sides.takeOpenWork(blend.sides.next));
      },
      whyNot: () => (page.work.document === null ? say('hindrance.noText') : connection.whyNot),
    },
  ];
}
