import type { Transport } from '../../../renderer/client/transport.ts';
import { BrowserTab } from '../../../renderer/desktop/browser-tab.ts';
import { Page } from '../../../renderer/state/page.svelte.ts';
import { MemoryStorage } from '../../helpers/memory-storage.ts';

/** No core: whoever asks it is told that nobody answers. */
const nobody: Transport = {
  client: new Proxy({} as Transport['client'], {
    get: (_, room) => {
      throw new Error(`Nobody answers ${String(room)}.`);
    },
  }),
  uploadImage: () => Promise.reject(new Error('Nobody takes the picture.')),
  readReading: () => Promise.reject(new Error('Nobody has the reading.')),
  readNotices: () => Promise.reject(new Error('Nobody has the licences.')),
};

/** The page's state before it is connected, for what it knows by itself. */
export function openUnconnectedPage(openStore?: () => Storage): Page {
  const store = new MemoryStorage();
  return new Page(nobody, openStore ?? (() => store), new BrowserTab());
}
