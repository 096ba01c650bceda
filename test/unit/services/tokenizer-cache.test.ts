import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createPackRegistry } from '../../../main/packs/create-pack-registry.ts';
import { TokenizerCache } from '../../../main/services/tokenizer-cache.ts';
import { tinyEncoderFolder } from '../image-to-text/tiny-encoder.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { makePack } from '../packs/make-pack.ts';

it('gives the same tokenizer until its pack is replaced in its folder, and then the new one', async () => {
  const folder = makeTemporaryFolder();
  const put = (version: string, vocabulary: string): void => {
    makePack(folder, 'tiny', (manifest) => ({ ...manifest, version }));
    cpSync(join(vocabulary, 'tokenizer'), join(folder, 'tiny', 'tokenizer'), { recursive: true, force: true });
  };
  const packs = createPackRegistry({ embeddedFolder: folder, userFolder: null, verifiedFile: null, log: () => undefined });
  const cache = new TokenizerCache();
  put('1.0.0', tinyEncoderFolder);
  const before = await cache.takeById('tiny', packs);
  expect(await cache.takeById('tiny', packs)).toBe(before);
  put('1.0.1', join(tinyEncoderFolder, '../tiny-scorer'));
  const after = await cache.takeById('tiny', packs);
  expect(after.encode('a red fox')).not.toEqual(before.encode('a red fox'));
});
