import type { Messages } from './message.ts';
import browser from './de/browser.json' with { type: 'json' };
import ui from './de/ui.json' with { type: 'json' };
import exporting from './de/export.json' with { type: 'json' };
import status from './de/status.json' with { type: 'json' };
import history from './de/history.json' with { type: 'json' };
import filmstrip from './de/filmstrip.json' with { type: 'json' };
import jobs from './de/jobs.json' with { type: 'json' };
import samples from './de/samples.json' with { type: 'json' };
import words from './de/words.json' with { type: 'json' };
import canvas from './de/canvas.json' with { type: 'json' };
import generate from './de/generate.json' with { type: 'json' };
import network from './de/network.json' with { type: 'json' };
import settings from './de/settings.json' with { type: 'json' };
import updates from './de/updates.json' with { type: 'json' };
import shell from './de/shell.json' with { type: 'json' };
import guide from './de/guide.json' with { type: 'json' };
import accessKeys from './de/access-keys.json' with { type: 'json' };
import ask from './de/ask.json' with { type: 'json' };
import batch from './de/batch.json' with { type: 'json' };
import blend from './de/blend.json' with { type: 'json' };
import connections from './de/connections.json' with { type: 'json' };
import errors from './de/errors.json' with { type: 'json' };
import library from './de/library.json' with { type: 'json' };
import packs from './de/packs.json' with { type: 'json' };
import readers from './de/readers.json' with { type: 'json' };
import transfer from './de/transfer.json' with { type: 'json' };

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
