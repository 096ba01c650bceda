import type { Command } from '../../state/frame/command.ts';
import { shownPicture } from '../../state/canvas/shown-picture.ts';
import type { Studio } from '../../state/studio.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;

/** Pictures and texts out of the studio, and pictures in from the clipboard. */
export function listFileCommands(studio: Studio): readonly Command[] {
  const { outside, manuscript, connection, arrivals, notices } = studio;
  const away = (): string | null => connection.whyNot;
  const pictureMissing = (): string | null => (shownPicture(studio) === null ? say('hindrance.noPicture') : away());

  async function savePicture(): Promise<void> {
    const picture = shownPicture(studio);
    const name = picture === null ? null : await outside.savePicture(picture);
    if (name !== null) notices.tell(say('export.savedAs', { name }));
  }
  async function copyPicture(): Promise<void> {
    const picture = shownPicture(studio);
    if (picture === null) return;
    await outside.copyPicture(picture);
    notices.tell(say('export.pictureCopied'));
  }
  async function savePrompt(): Promise<void> {
    await studio.editing.settle();
    const { document, picture } = manuscript;
    if (document === null) return;
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const name = await outside.saveText({ text, title: picture?.title ?? say('canvas.ownWords'), extension: 'json' });
    if (name !== null) notices.tell(say('export.savedAs', { name }), say('export.dropAgain'));
  }

  return [
    {
      id: 'save-picture',
      name: () => say('command.save-picture'),
      keys: 'Mod+S',
      where,
      whileWriting: true,
      run: () => studio.attempt(savePicture()),
      whyNot: pictureMissing,
    },
    {
      id: 'copy-picture',
      name: () => say('command.copy-picture'),
      keys: 'Mod+Alt+C',
      where,
      whileWriting: true,
      run: () => studio.attempt(copyPicture()),
      whyNot: pictureMissing,
    },
    {
      id: 'save-prompt',
      name: () => say('command.save-prompt'),
      keys: 'Mod+Shift+S',
      where,
      whileWriting: true,
      run: () => studio.attempt(savePrompt()),
      whyNot: () => (manuscript.document === null ? say('hindrance.noText') : null),
    },
    {
      id: 'paste-picture',
      name: () => say('command.paste-picture'),
      keys: 'Mod+Shift+V',
      where: 'everywhere',
      whileWriting: false,
      run: () => studio.attempt(arrivals.paste()),
      whyNot: away,
    },
  ];
}
