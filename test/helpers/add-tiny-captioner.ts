import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { tinyCaptionerFolder, tinyCaptionerRole } from '../unit/image-to-text/tiny-captioner.ts';
import { writePackManifest } from './write-pack-manifest.ts';

/** A ViT-GPT2 of chance weights as a model of the studio's own folder; its id. */
export function addTinyCaptioner(dataFolder: string): string {
  const folder = join(dataFolder, 'packs', 'teller');
  cpSync(tinyCaptionerFolder, folder, { recursive: true });
  writePackManifest(folder, {
    ...{ id: 'teller', name: 'Teller', summary: 'Says what chance says.', roles: { captioner: tinyCaptionerRole } },
  });
  return 'teller';
}
