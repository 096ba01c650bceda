import { readFileSync } from 'node:fs';
import { feedAddressSchema } from '../../../../contract/updates.ts';

/** What electron-builder writes for a generic place: one field a line, quoted where YAML needs it. */
const urlLine = /^url: (['"]?)(.+)\1\s*$/m;

/** The place for updates that whoever packed the program named; null where they named none that can be asked. */
export function readPackageFeed(configFile: string): string | null {
  let text: string;
  try {
    text = readFileSync(configFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const feed = feedAddressSchema.safeParse(urlLine.exec(text)?.[2]);
  return feed.success ? feed.data : null;
}
