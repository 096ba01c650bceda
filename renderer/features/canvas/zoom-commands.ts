import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;

/** Zoom and pan of the canvas. */
export function listZoomCommands({ view, work, drawing }: Page): readonly Command[] {
  const nothing = (): string | null =>
    work.picture === null && drawing.results.selected === null ? say('hindrance.noPicture') : null;
  const base = { where, whileWriting: false, whyNot: nothing } as const;
  const pan = (id: `pan-${'left' | 'right' | 'up' | 'down'}`, keys: string, columns: number, rows: number): Command => ({
    id,
    name: () => say(`command.${id}`),
    keys,
    ...base,
    repeats: true,
    run: () => view.nudge(columns, rows),
    whyNot: () => nothing() ?? (view.fits ? say('canvas.allInSight') : null),
  });
  return [
    { id: 'zoom-in', name: () => say('command.zoom-in'), keys: '+', ...base, repeats: true, run: () => view.step(1) },
    { id: 'zoom-out', name: () => say('command.zoom-out'), keys: '-', ...base, repeats: true, run: () => view.step(-1) },
    { id: 'zoom-fit', name: () => say('command.zoom-fit'), keys: '0', ...base, run: () => view.fit() },
    { id: 'zoom-actual', name: () => say('command.zoom-actual'), keys: '1', ...base, run: () => view.actualSize() },
    pan('pan-left', 'Shift+ArrowLeft', -1, 0),
    pan('pan-right', 'Shift+ArrowRight', 1, 0),
    pan('pan-up', 'Shift+ArrowUp', 0, -1),
    pan('pan-down', 'Shift+ArrowDown', 0, 1),
  ];
}
