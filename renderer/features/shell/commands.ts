import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';
import { listBatchCommands } from './batch-commands.ts';
import { listCoreCommands } from './core-commands.ts';
import { listFileCommands } from './file-commands.ts';
import { listFrameCommands } from './frame-commands.ts';
import { listLibraryCommands } from './library-commands.ts';
import { listPictureCommands } from './picture-commands.ts';
import { listResultCommands } from './result-commands.ts';
import { listTextCommands } from './text-commands.ts';
import { listWordCommands } from './word-commands.ts';
import { listZoomCommands } from './zoom-commands.ts';

/** Every command of the page: the one list that the keyboard, the palette, the help, the settings and the desktop's menus read. */
export function listCommands(studio: Studio): readonly Command[] {
  return [
    ...listTextCommands(studio),
    ...listWordCommands(studio),
    ...listPictureCommands(studio),
    ...listZoomCommands(studio),
    ...listResultCommands(studio),
    ...listFileCommands(studio),
    ...listLibraryCommands(studio),
    ...listBatchCommands(studio),
    ...listFrameCommands(studio),
    ...listCoreCommands(studio),
  ];
}
