import browser from './en/browser.json' with { type: 'json' };
import ui from './en/ui.json' with { type: 'json' };
import exporting from './en/export.json' with { type: 'json' };
import status from './en/status.json' with { type: 'json' };
import history from './en/history.json' with { type: 'json' };
import filmstrip from './en/filmstrip.json' with { type: 'json' };
import jobs from './en/jobs.json' with { type: 'json' };
import samples from './en/samples.json' with { type: 'json' };
import words from './en/words.json' with { type: 'json' };
import canvas from './en/canvas.json' with { type: 'json' };
import generate from './en/generate.json' with { type: 'json' };
import network from './en/network.json' with { type: 'json' };
import settings from './en/settings.json' with { type: 'json' };
import updates from './en/updates.json' with { type: 'json' };
import shell from './en/shell.json' with { type: 'json' };
import guide from './en/guide.json' with { type: 'json' };
import accessKeys from './en/access-keys.json' with { type: 'json' };
import ask from './en/ask.json' with { type: 'json' };
import batch from './en/batch.json' with { type: 'json' };
import blend from './en/blend.json' with { type: 'json' };
import connections from './en/connections.json' with { type: 'json' };
import errors from './en/errors.json' with { type: 'json' };
import library from './en/library.json' with { type: 'json' };
import packs from './en/packs.json' with { type: 'json' };
import readers from './en/readers.json' with { type: 'json' };
import transfer from './en/transfer.json' with { type: 'json' };

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
  ...guide,
  ...network,
  ...settings,
  ...updates,
  ...accessKeys,
  ...ask,
  ...batch,
  ...blend,
  ...connections,
  ...errors,
  ...library,
  ...packs,
  ...readers,
  ...transfer,
};
