import { describe, expect, it } from 'vitest';
import { plainAnswer, scoreAnswers, vqaAccuracy } from '../../../main/language/vqa-accuracy.ts';

const ten = (...answers: readonly [string, number][]): string[] =>
  answers.flatMap(([text, times]) => Array<string>(times).fill(text));

describe('an answer in plain form', () => {
  it.each([
    ['The Red  Robot.', 'red robot'],
    ['two', '2'],
    ['None', '0'],
    ['a an the', ''],
    ['1,000', '1000'],
    ['2.5 m.', '2.5 m'],
    ['black/white', 'black white'],
    ['black / white', 'black white'],
    ['yes, it is', 'yes it is'],
    ['dont know', "don't know"],
    ['what time? 5 oclock', "what time 5 o'clock"],
    ['couldntve', "couldn't've"],
    ['line\nbreak\ttab', 'line break tab'],
    ['ten (10)', '10 10'],
  ])('%j is %j', (given, plain) => expect(plainAnswer(given)).toBe(plain));
});

describe('the soft accuracy over ten answers', () => {
  // Left out in turn: of those that agree k stay in (10 − k) choices and k − 1 in k of them.
  it.each([
    [0, 0],
    [1, (9 * (1 / 3) + 1 * 0) / 10],
    [2, (8 * (2 / 3) + 2 * (1 / 3)) / 10],
    [3, (7 * 1 + 3 * (2 / 3)) / 10],
    [4, 1],
    [10, 1],
  ])('of an answer that %i people gave is %f', (times, accuracy) => {
    expect(vqaAccuracy('Two.', ten(['2', times], ['three', 10 - times]))).toBeCloseTo(accuracy, 12);
  });

  it('counts what people wrote in different ways as one answer', () => {
    expect(vqaAccuracy('a cat', ten(['cat', 1], ['the cat', 1], ['Cat.', 2], ['dog', 6]))).toBe(1);
  });

  it('is the mean of all, and of each kind', () => {
    const question = (answer: string, questionType: string | null, answerType: string | null) => ({
      answer,
      answers: ten(['yes', 3], ['no', 7]),
      questionType,
      answerType,
    });
    const score = scoreAnswers({
      questions: [question('yes', 'is the', 'yes/no'), question('no', 'is the', 'yes/no'), question('maybe', null, 'other')],
    });
    expect(score.each.map((one) => Math.round(one * 1000) / 1000)).toEqual([0.9, 1, 0]);
    expect(score.overall).toBeCloseTo(1.9 / 3, 12);
    expect(score.byQuestionType).toEqual({ 'is the': expect.closeTo(0.95, 12) as number });
    expect(score.byAnswerType).toEqual({ 'yes/no': expect.closeTo(0.95, 12) as number, other: 0 });
  });
});
