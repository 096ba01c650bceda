import browser from './en/browser.json';
import ui from './en/ui.json';
import exporting from './en/export.json';
import status from './en/status.json';
import history from './en/history.json';
import filmstrip from './en/filmstrip.json';
import jobs from './en/jobs.json';
import samples from './en/samples.json';
import words from './en/words.json';
import canvas from './en/canvas.json';
import generate from './en/generate.json';
import settings from './en/settings.json';
import shell from './en/shell.json';

/** Every text of the interface in English, a file a feature. Their keys are the keys there are. */
export const english = {
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
