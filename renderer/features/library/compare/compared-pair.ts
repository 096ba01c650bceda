import type { LibraryItem } from '../../../../contract/library.ts';

type WithPicture = Exclude<LibraryItem, { kind: 'prompt' }>;

/** Two items that have pictures. */
export type ComparedPair = readonly [WithPicture, WithPicture];
