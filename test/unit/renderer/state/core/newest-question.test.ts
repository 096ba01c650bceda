import { describe, expect, it } from 'vitest';
import { NewestQuestion } from '../../../../../renderer/state/core/newest-question.ts';

describe('NewestQuestion', () => {
  it('takes the answer to the newest question, whichever comes first', () => {
    const questions = new NewestQuestion();
    const first = questions.ask();
    expect(first()).toBe(true);
    const second = questions.ask();
    expect([first(), second()]).toEqual([false, true]);
  });

  it('takes every part of the newest answer', () => {
    const questions = new NewestQuestion();
    questions.ask();
    const [one, another] = [questions.last(), questions.last()];
    expect([one(), another()]).toEqual([true, true]);
    questions.ask();
    expect([one(), another()]).toEqual([false, false]);
  });
});
