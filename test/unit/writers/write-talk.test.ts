import { describe, expect, it } from 'vitest';
import { writeTalk } from '../../../main/writers/write-talk.ts';

const connection = { id: 'mine', contextTokens: 600, answerTokens: 500 };
const talk = {
  system: 'Mix.',
  examples: [
    ['a'.repeat(60), 'b'.repeat(60)],
    ['c'.repeat(60), 'd'.repeat(60)],
    ['e'.repeat(60), 'f'.repeat(60)],
  ] as const,
  question: 'A: a fox\n\nB: snow',
};

describe('a talk with a language model', () => {
  it('has as many examples as the model reads at once beside its answer, and the question last', () => {
    const messages = writeTalk(talk, connection);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(messages.at(-1)).toEqual({ role: 'user', text: talk.question });
    expect(writeTalk(talk, { ...connection, contextTokens: null })).toHaveLength(7);
  });

  it('is refused where the question alone is more than the model reads', () => {
    const long = { ...talk, question: 'word '.repeat(100) };
    const refused = () => writeTalk(long, connection);
    expect(refused).toThrow(expect.objectContaining({ code: 'prompt-too-long', details: { connection: 'mine' } }) as Error);
  });
});
