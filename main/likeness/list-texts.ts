import { setImmediate } from 'node:timers/promises';
import type { LibraryFilter } from '../../contract/library.ts';
import { hashBytes } from '../storage/hash-bytes.ts';
import type { Library } from '../library/library.ts';

/** A text of the library. `sha256` is that of its UTF-8 bytes: equal texts have one vector. */
export interface TextRef {
  readonly id: string;
  readonly sha256: string;
  readonly text: string;
}

const TEXTS_A_PAGE = 250;

/** Every text that fits, in no order. Gives way between pages, which take some milliseconds each. */
export async function listTexts(library: Library, filter: LibraryFilter): Promise<TextRef[]> {
  const found: TextRef[] = [];
  let after: string | null | undefined;
  while (after !== null) {
    const page = library.queryItems({
      ...filter,
      kinds: ['prompt'],
      limit: TEXTS_A_PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const item of page.items) {
      if (item.kind !== 'prompt') continue;
      found.push({ id: item.id, sha256: await hashBytes(Buffer.from(item.text)), text: item.text });
    }
    after = page.next;
    await setImmediate();
  }
  return found;
}
