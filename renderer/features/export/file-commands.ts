import type { Command } from '../../state/frame/command.ts';
import { shownPicture } from '../../state/canvas/shown-picture.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const where = ['studio'] as const;

/** Pictures and texts out of the studio, and pictures in from the clipboard. */
export function listFileCommands(studio: Studio): readonly Command[] {
  const { outside, manuscript, connection, arrivals, notices } = studio;
  const away = (): string | null => connection.whyNot;
  const pictureMissing = (): string | null => (shownPicture(studio) === null ? 'There is no picture yet.' : away());

  async function savePicture(): Promise<void> {
    const picture = shownPicture(studio);
    const name = picture === null ? null : await outside.savePicture(picture);
    if (name !== null) notices.tell(`Saved as ${name}.`);
  }
  async function copyPicture(): Promise<void> {
    const picture = shownPicture(studio);
    if (picture === null) return;
    await outside.copyPicture(picture);
    notices.tell('The picture is on the clipboard.');
  }
  async function savePrompt(): Promise<void> {
    await studio.editing.settle();
    const { document, picture } = manuscript;
    if (document === null) return;
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const name = await outside.saveText({ text, title: picture?.title ?? 'Own words', extension: 'json' });
    if (name !== null) notices.tell(`Saved as ${name}.`, 'Drop it here again to have every token as it is.');
  }

  return [
    {
      id: 'save-picture',
      name: 'Save the picture as…',
      keys: 'Mod+S',
      where,
      whileWriting: true,
      run: () => studio.attempt(savePicture()),
      whyNot: pictureMissing,
    },
    {
      id: 'copy-picture',
      name: 'Copy the picture',
      keys: 'Mod+Alt+C',
      where,
      whileWriting: true,
      run: () => studio.attempt(copyPicture()),
      whyNot: pictureMissing,
    },
    {
      id: 'save-prompt',
      name: 'Save the prompt as…',
      keys: 'Mod+Shift+S',
      where,
      whileWriting: true,
      run: () => studio.attempt(savePrompt()),
      whyNot: () => (manuscript.document === null ? 'There is no text yet.' : null),
    },
    {
      id: 'paste-picture',
      name: 'Paste a picture',
      keys: 'Mod+Shift+V',
      where: 'everywhere',
      whileWriting: false,
      run: () => studio.attempt(arrivals.paste()),
      whyNot: away,
    },
  ];
}
