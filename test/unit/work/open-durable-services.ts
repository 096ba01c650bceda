import { join } from 'node:path';
import { openServices } from '../../../main/answers/open-services.ts';
import type { OpenedServices } from '../../../main/answers/open-services.ts';
import { PACK_ID } from '../../contract/open-test-studio.ts';

/** The studio's services on a folder that another start can find again. */
export function openDurableServices(folder: string): Promise<OpenedServices> {
  return openServices({
    dataFolder: folder,
    readOnly: false,
    ephemeral: false,
    defaultPackId: PACK_ID,
    packsFolder: join(folder, 'packs'),
    pythonFolder: join(folder, 'python'),
    partsFolder: join(folder, 'device-parts'),
    embeddedPacksFolder: null,
    device: 'cpu',
    devicesFile: join(folder, 'devices.json'),
    settingsFile: join(folder, 'settings.json'),
    packPlacesFile: join(folder, 'pack-places.json'),
    crashingGraphsFile: join(folder, 'crashing-graphs.json'),
    consentsFile: join(folder, 'network.json'),
    connectionsFile: join(folder, 'connections.json'),
    templatesFile: join(folder, 'templates.json'),
    environment: {},
    clock: Date.now,
  });
}
