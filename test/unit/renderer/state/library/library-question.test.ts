import { describe, expect, it } from 'vitest';
import { libraryRowsQuerySchema } from '../../../../../contract/library.ts';
import { firstQuestion, isNarrowed, spanStartMs, toRowsQuery } from '../../../../../renderer/state/library/library-question.ts';

const now = new Date(2026, 2, 31, 15, 30).getTime();

describe('a question to the library', () => {
  it('leaves nothing out at first', () => {
    const query = toRowsQuery({ ...firstQuestion, order: 'title' }, now);
    expect(query).toEqual({ text: '', kinds: [], trashed: false, order: 'title', stacked: true, moments: [] });
    expect(libraryRowsQuerySchema.parse(query)).toMatchObject({ offset: 0 });
    expect(isNarrowed(firstQuestion)).toBe(false);
  });

  it('says every filter as the core takes it', () => {
    const question = { ...firstQuestion, section: { type: 'board', id: 'b1' } as const, packId: 'tiny', span: 'today' as const };
    expect(libraryRowsQuerySchema.parse(toRowsQuery(question, now))).toMatchObject({
      boardId: 'b1',
      packId: 'tiny',
      createdFromMs: new Date(2026, 2, 31).getTime(),
    });
    expect(toRowsQuery({ ...firstQuestion, section: { type: 'starred' } }, now)).toMatchObject({ starred: true, trashed: false });
    expect(toRowsQuery({ ...firstQuestion, section: { type: 'trash' } }, now)).toMatchObject({ trashed: true });
    expect(isNarrowed(question)).toBe(true);
  });

  it('counts days by the person’s own midnight', () => {
    expect(spanStartMs('any', now)).toBeNull();
    expect(spanStartMs('week', now)).toBe(new Date(2026, 2, 25).getTime());
    expect(spanStartMs('month', now)).toBe(new Date(2026, 2, 2).getTime());
  });
});
