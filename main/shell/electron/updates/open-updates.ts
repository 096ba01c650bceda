import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { app } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StudioClient } from '../../../../contract/methods.ts';
import { studioOrigin } from '../answer-scheme.ts';
import type { DesktopLog } from '../desktop-log.ts';
import { JsonStore } from '../json-store.ts';
import type { AskCore } from '../window/add-files.ts';
import type { PageMail } from '../window/page-mail.ts';
import { findUpdateWay } from './find-update-way.ts';
import { ProgramUpdater } from './program-updater.ts';
import { readPackageFeed } from './read-package-feed.ts';
import { UpdateKeeper } from './update-keeper.ts';
import { firstUpdateMemory, UpdateMemory, updateMemoryRecord } from './update-memory.ts';

export interface UpdatesOptions {
  readonly askCore: AskCore;
  readonly cacheFolder: string;
  /** Variables that the program which follows this one is given back. */
  readonly keys: Readonly<Record<string, string>>;
  readonly mail: PageMail;
  readonly log: DesktopLog;
  readonly logFailure: (error: unknown) => string;
}

const hourMs = 3_600_000;
/** A file that dpkg keeps of every package it has installed. */
const dpkgList = '/var/lib/dpkg/info/dediffusion-studio.list';

/** How this program gets newer, wired to the core, the page and Electron. */
export function openUpdates({ askCore, cacheFolder, keys, mail, log, logFailure }: UpdatesOptions): UpdateKeeper {
  const configFile = join(process.resourcesPath, 'app-update.yml');
  const way = findUpdateWay({
    packaged: app.isPackaged,
    platform: process.platform,
    environment: process.env,
    executable: process.execPath,
    isListed: existsSync(dpkgList),
  });
  const appImage = way === 'itself' && process.platform === 'linux' ? (process.env['APPIMAGE'] ?? null) : null;
  const core: StudioClient = createORPCClient(new RPCLink({ url: `${studioOrigin}/rpc`, fetch: (request) => askCore(request) }));
  const note = (message: string): void => log.note(message);
  const keeper = new UpdateKeeper({
    version: app.getVersion(),
    way,
    packageFeed: app.isPackaged ? readPackageFeed(configFile) : null,
    memory: new UpdateMemory(
      new JsonStore(join(app.getPath('userData'), 'updates.json'), updateMemoryRecord, firstUpdateMemory, note),
    ),
    updater: new ProgramUpdater({
      platform: process.platform,
      version: app.getVersion(),
      configFile,
      cacheFolder: join(cacheFolder, 'updates'),
      core,
      appImage,
      beforeRestart: () => void Object.assign(process.env, keys),
      relaunch: (file) => app.relaunch({ execPath: file }),
      note: (message) => log.note(message),
    }),
    onState: (state) => mail.update(state),
    quit: () => app.quit(),
    note: (message, facts) => log.note(message, facts),
    logFailure,
    clock: Date.now,
  });
  setInterval(() => void keeper.look(), hourMs).unref();
  return keeper;
}
