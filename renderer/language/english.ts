import words from './en/words.json';
import canvas from './en/canvas.json';
import generate from './en/generate.json';
import settings from './en/settings.json';
import shell from './en/shell.json';

/** Every text of the interface in English, a file a feature. Their keys are the keys there are. */
export const english = { ...words, ...canvas, ...generate, ...shell, ...settings };
