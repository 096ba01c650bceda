import { StudioError } from '../../../contract/errors.ts';

/** The last item of a page, by the order of the list: newest first, then by id. */
export interface PageCursor {
  readonly createdMs: number;
  readonly id: string;
}

const PATTERN = /^(\d{1,16})\.([0-9A-Za-z_-]{1,64})$/;

/** Before the first item of any list. */
export const FIRST_PAGE: PageCursor = { createdMs: Number.MAX_SAFE_INTEGER, id: '' };

export function formatPageCursor(cursor: PageCursor): string {
  return `${cursor.createdMs}.${cursor.id}`;
}

/** Throws StudioError bad-request on text that `formatPageCursor` did not make. */
export function parsePageCursor(text: string | undefined): PageCursor {
  if (text === undefined) return FIRST_PAGE;
  const [, createdMs, id] = PATTERN.exec(text) ?? [];
  if (createdMs !== undefined && id !== undefined) return { createdMs: Number(createdMs), id };
  throw new StudioError(
    'bad-request',
    'That page of the library does not exist.',
    'Start again from the first page: leave out `after`.',
    {
      after: text,
    },
  );
}
