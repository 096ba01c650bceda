import type { Messages } from './message.ts';
import words from './de/words.json';
import canvas from './de/canvas.json';
import generate from './de/generate.json';
import settings from './de/settings.json';
import shell from './de/shell.json';

/** Every text of the interface in German. A key that English has and this lacks does not compile. */
export const german: Messages = { ...words, ...canvas, ...generate, ...shell, ...settings };
