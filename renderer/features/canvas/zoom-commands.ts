import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const where = ['studio'] as const;

/** Zoom and pan of the canvas. */
export function listZoomCommands({ view, manuscript, drawing }: Studio): readonly Command[] {
  const nothing = (): string | null =>
    manuscript.picture === null && drawing.results.selected === null ? 'There is no picture yet.' : null;
  const base = { where, whileWriting: false, whyNot: nothing } as const;
  const pan = (id: string, name: string, keys: string, columns: number, rows: number): Command => ({
    id,
    name,
    keys,
    ...base,
    repeats: true,
    run: () => view.nudge(columns, rows),
    whyNot: () => nothing() ?? (view.fits ? 'All of it is in sight.' : null),
  });
  return [
    { id: 'zoom-in', name: 'Zoom in', keys: '+', ...base, repeats: true, run: () => view.step(1) },
    { id: 'zoom-out', name: 'Zoom out', keys: '-', ...base, repeats: true, run: () => view.step(-1) },
    { id: 'zoom-fit', name: 'Zoom to fit', keys: '0', ...base, run: () => view.fit() },
    { id: 'zoom-actual', name: 'Zoom to true size', keys: '1', ...base, run: () => view.actualSize() },
    pan('pan-left', 'Look further left', 'Shift+ArrowLeft', -1, 0),
    pan('pan-right', 'Look further right', 'Shift+ArrowRight', 1, 0),
    pan('pan-up', 'Look further up', 'Shift+ArrowUp', 0, -1),
    pan('pan-down', 'Look further down', 'Shift+ArrowDown', 0, 1),
  ];
}
