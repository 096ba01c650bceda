import type { LibraryItem } from '../../../../contract/library.ts';
import { listRecipeFacts } from '../../generate/list-recipe-facts.ts';
import type { Fact } from '../../generate/list-recipe-facts.ts';
import { fixed, say, time } from '../../../language/say.ts';

/** "12 kB", "1.8 MB": finer than `describeBytes`, for files of pictures. */
function describeFileSize(bytes: number): string {
  return bytes >= 1e6 ? `${fixed(bytes / 1e6, 1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** What is known of an item, most useful first: enough to compare two, and to make a drawn one again. */
export function listFacts(item: LibraryItem): readonly Fact[] {
  return [
    { name: say('library.fact.kind'), value: say(`library.kind.${item.kind}`) },
    { name: say('library.fact.made'), value: time(item.createdMs) },
    ...(item.kind === 'prompt' ? listPromptFacts(item) : listImageFacts(item)),
    ...(item.kind === 'generation' ? listRecipeFacts(item) : []),
  ];
}

function listPromptFacts({ prompt }: Extract<LibraryItem, { kind: 'prompt' }>): readonly Fact[] {
  return [
    {
      name: say('library.fact.length'),
      value: prompt.length === null ? say('library.ownWords') : say('library.tokens', { count: prompt.length }),
    },
    { name: say('library.fact.pack'), value: prompt.packId },
  ];
}

function listImageFacts({ image }: Exclude<LibraryItem, { kind: 'prompt' }>): readonly Fact[] {
  return [
    { name: say('library.fact.size'), value: `${image.width} × ${image.height}` },
    {
      name: say('library.fact.file'),
      value: `${image.mediaType.replace('image/', '').toUpperCase()}, ${describeFileSize(image.bytes)}`,
    },
  ];
}
