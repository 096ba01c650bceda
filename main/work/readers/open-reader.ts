import type { ReaderChoice } from '../../../contract/texts/reader-choice.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import type { Reader } from '../../ports/reader.ts';
import type { JobServices } from '../../services/job-services.ts';
import { readByCaption } from './read-by-caption.ts';
import { readByClipSearch } from './read-by-clip-search.ts';
import { readByDecoderSearch } from './read-by-decoder-search.ts';

/**
 * The way in which pictures are read by the reader that was chosen, with the pack.
 * @throws StudioError `pack-role-missing` for a pack that has not what this reader needs
 */
export function openReader(services: JobServices, pack: ResolvedPack, choice: ReaderChoice): Reader['read'] {
  switch (choice.method) {
    case 'encoder': {
      const reader = services.models.reader(pack);
      return (order, context) => reader.read(order, context);
    }
    case 'clip-search':
      return (order, context) => readByClipSearch(services, pack, choice, order, context);
    case 'decoder-search':
      return (order, context) => readByDecoderSearch(services, pack, choice, order, context);
    case 'caption':
      return (order, context) => readByCaption(services, pack, choice, order, context);
  }
}
