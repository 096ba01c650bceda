import type { PictureReference } from '../../../contract/desktop.ts';
import { resultReference } from '../../state/canvas/result-reference.ts';
import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['studio'] as const;

/** Pictures and texts out of the studio, and pictures in from the clipboard. */
export function listFileCommands(page: Page): readonly Command[] {
  const { platform, work, connection, intake, notices } = page;
  const away = (): string | null => connection.whyNot;
  const pictureMissing = (): string | null => (shownPicture(page) === null ? say('hindrance.noPicture') : away());

  async function savePicture(): Promise<void> {
    const picture = shownPicture(page);
    const name = picture === null ? null : await platform.savePicture(picture);
    if (name !== null) notices.tell(say('export.savedAs', { name }));
  }
  async function copyPicture(): Promise<void> {
    const picture = shownPicture(page);
    if (picture === null) return;
    await platform.copyPicture(picture);
    notices.tell(say('export.pictureCopied'));
  }
  async function savePrompt(): Promise<void> {
    await page.editing.settle();
    const { document, picture } = work;
    if (document === null) return;
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const name = await platform.saveText({ text, title: picture?.title ?? say('canvas.ownWords'), extension: 'json' });
    if (name !== null) notices.tell(say('export.savedAs', { name }), say('export.dropAgain'));
  }

  return [
    {
      id: 'save-picture',
      name: () => say('command.save-picture'),
      keys: 'Mod+S',
      where,
      whileWriting: true,
      run: () => page.attempt(savePicture()),
      whyNot: pictureMissing,
    },
    {
      id: 'copy-picture',
      name: () => say('command.copy-picture'),
      keys: 'Mod+Alt+C',
      where,
      whileWriting: true,
      run: () => page.attempt(copyPicture()),
      whyNot: pictureMissing,
    },
    {
      id: 'save-prompt',
      name: () => say('command.save-prompt'),
      keys: 'Mod+Shift+S',
      where,
      whileWriting: true,
      run: () => page.attempt(savePrompt()),
      whyNot: () => (work.document === null ? say('hindrance.noText') : null),
    },
    {
      id: 'paste-picture',
      name: () => say('command.paste-picture'),
      keys: 'Mod+Shift+V',
      where: 'everywhere',
      whileWriting: false,
      run: () => page.attempt(intake.paste()),
      whyNot: away,
    },
  ];
}

/** The picture that saving and copying mean: what was drawn, or the original where nothing was or while it is held up. Null when there is none. */
function shownPicture({ drawing, work, view }: Page): PictureReference | null {
  const { picture } = work;
  const { selected } = drawing.results;
  if (selected !== null && !view.before) return resultReference(selected, picture);
  return picture === null ? null : { sha256: picture.sha256, title: picture.title, mediaType: picture.mediaType };
}
