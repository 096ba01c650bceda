import type { Messages } from './message.ts';
import browser from './de/browser.json';
import ui from './de/ui.json';
import exporting from './de/export.json';
import status from './de/status.json';
import history from './de/history.json';
import filmstrip from './de/filmstrip.json';
import jobs from './de/jobs.json';
import samples from './de/samples.json';
import words from './de/words.json';
import canvas from './de/canvas.json';
import generate from './de/generate.json';
import settings from './de/settings.json';
import shell from './de/shell.json';

/** Every text of the interface in German. A key that English has and this lacks does not compile. */
export const german: Messages = {
  ...browser,
  ...ui,
  ...exporting,
  ...status,
  ...history,
  ...filmstrip,
  ...jobs,
  ...samples,
  ...words,
  ...canvas,
  ...generate,
  ...shell,
  ...settings,
};
