import type { LibraryItem } from '../../../contract/library.ts';
import type { MatrixRequest } from '../../../contract/texts/matrix.ts';
import type { GenerationItem, Library, PromptItem } from '../../library/library.ts';

/** What the library has of a matrix. Texts come without their slots. */
export interface MatrixBoard {
  /** The text of each picture by its sha256. */
  readonly sources: ReadonlyMap<string, PromptItem>;
  /** The blend of two source texts by both their ids, the object's first. */
  readonly texts: ReadonlyMap<string, PromptItem>;
  /** What was drawn from a blend, by the id of its text. */
  readonly pictures: ReadonlyMap<string, GenerationItem>;
}

export const cellKey = (objectTextId: string, sceneTextId: string): string => `${objectTextId} ${sceneTextId}`;

function listBoard(library: Library, boardId: string): LibraryItem[] {
  const items: LibraryItem[] = [];
  let after: string | undefined;
  do {
    const query = { text: '', kinds: [], trashed: false, boardId, limit: 1000, ...(after === undefined ? {} : { after }) };
    const page = library.queryItems(query);
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined);
  // The first that was made counts, should one be there twice.
  return items.reverse();
}

/** Finds again what a job has made of its matrix: all of it lies on the board with the job's id, and each item names what it was made from. */
export function readMatrixBoard(library: Library, boardId: string, request: MatrixRequest): MatrixBoard {
  const items = listBoard(library, boardId);
  const sources = new Map<string, PromptItem>();
  const texts = new Map<string, PromptItem>();
  const pictures = new Map<string, GenerationItem>();
  for (const item of items) {
    if (item.kind !== 'prompt' || item.prompt.length !== request.length) continue;
    const { imageSha256 } = item.prompt;
    if (imageSha256 !== null && request.imageSha256s.includes(imageSha256) && !sources.has(imageSha256))
      sources.set(imageSha256, item);
  }
  const sourceIds = new Set([...sources.values()].map(({ id }) => id));
  for (const item of items) {
    const [first, second] = item.parents;
    if (first === undefined) continue;
    if (item.kind === 'generation') {
      if (!pictures.has(first)) pictures.set(first, item);
    } else if (item.kind === 'prompt' && second !== undefined && sourceIds.has(first) && sourceIds.has(second)) {
      const key = cellKey(first, second);
      if (!texts.has(key)) texts.set(key, item);
    }
  }
  return { sources, texts, pictures };
}

/** The texts of a matrix in the order of its pictures, those that were read. */
export function orderSources({ sources }: MatrixBoard, { imageSha256s }: MatrixRequest): readonly PromptItem[] {
  return imageSha256s.flatMap((sha256) => sources.get(sha256) ?? []);
}

/** Every two places once, the earlier one first. */
export function pairsOf(count: number): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, row) => row).flatMap((row) =>
    Array.from({ length: count - row - 1 }, (_, more) => [row, row + more + 1] as const),
  );
}
