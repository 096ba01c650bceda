import type { Command } from '../../../state/frame/command.ts';
import type { Page } from '../../../state/page.svelte.ts';
import { redrawPart, whyNoPart } from '../../../state/canvas/mask/redraw-part.ts';
import { say } from '../../../language/say.ts';

const where = ['studio'] as const;

/** Where a picture is drawn anew. */
export function listMaskCommands(page: Page): readonly Command[] {
  const { masks, drawPlace, connection } = page;
  const notPainting = (): string | null => (masks.painting ? null : say('canvas.mask.notPainting'));
  const whilePainting = { where, whileWriting: false, whyNot: notPainting } as const;
  return [
    {
      id: 'paint-mask',
      name: () => say('command.paint-mask'),
      keys: 'Q',
      where,
      whileWriting: false,
      run: () => masks.toggle(),
      whyNot: () => {
        if (drawPlace.drawer?.masks === false) return say('canvas.mask.cannot');
        return masks.target === null ? say('canvas.mask.noPicture') : null;
      },
    },
    {
      id: 'redraw-part',
      name: () => say('command.redraw-part'),
      keys: null,
      where,
      whileWriting: true,
      run: () => page.attempt(redrawPart(page)),
      whyNot: () => whyNoPart(page) ?? connection.whyNot,
    },
    {
      id: 'mask-brush',
      name: () => say('command.mask-brush'),
      keys: null,
      ...whilePainting,
      run: () => (masks.tool = 'brush'),
    },
    {
      id: 'mask-rectangle',
      name: () => say('command.mask-rectangle'),
      keys: 'R',
      ...whilePainting,
      run: () => (masks.tool = masks.tool === 'rectangle' ? 'brush' : 'rectangle'),
    },
    {
      id: 'mask-eraser',
      name: () => say('command.mask-eraser'),
      keys: 'E',
      ...whilePainting,
      run: () => (masks.erasing = !masks.erasing),
    },
    {
      id: 'mask-smaller',
      name: () => say('command.mask-smaller'),
      keys: '[',
      ...whilePainting,
      repeats: true,
      run: () => masks.stepRadius(-1),
    },
    {
      id: 'mask-larger',
      name: () => say('command.mask-larger'),
      keys: ']',
      ...whilePainting,
      repeats: true,
      run: () => masks.stepRadius(1),
    },
    {
      id: 'mask-invert',
      name: () => say('command.mask-invert'),
      keys: 'I',
      ...whilePainting,
      run: () => masks.invert(),
    },
    {
      id: 'mask-clear',
      name: () => say('command.mask-clear'),
      keys: null,
      ...whilePainting,
      run: () => masks.clear(),
      whyNot: () => notPainting() ?? (masks.canUndo ? null : say('canvas.mask.none')),
    },
  ];
}
