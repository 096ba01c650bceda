import { describe, expect, it } from 'vitest';
import { readTourOptions, states } from '../../../tooling/screenshots/tour-options.ts';

describe('the tour of screenshots', () => {
  it('takes everything where nothing is asked', () => {
    expect(readTourOptions([])).toEqual({
      jobs: [],
      states,
      sizes: ['small', 'studio', 'laptop', 'wide'],
      looks: ['dark', 'light', 'contrast'],
      scale: 1,
      face: 'browser',
    });
  });

  it('takes what is asked for, in the order it comes by', () => {
    const args = [
      '--states',
      '30-library, 1-welcome',
      '--sizes',
      'wide',
      '--looks',
      'light',
      '--scale',
      '2',
      '--face',
      'desktop',
    ];
    expect(readTourOptions(args)).toEqual({
      jobs: [],
      states: ['1-welcome', '30-library'],
      sizes: ['wide'],
      looks: ['light'],
      scale: 2,
      face: 'desktop',
    });
    expect(readTourOptions(['guide'])).toMatchObject({ jobs: ['guide'] });
  });

  it.each([
    [['--states', '1-welcom'], 'There is no state "1-welcom".'],
    [['--sizes', 'huge'], 'There is no size "huge".'],
    [['--looks', 'loud'], 'There is no look "loud".'],
    [['--face', 'phone'], 'There is no face "phone".'],
    [['--scale', '0'], '--scale takes a number from 1 to 4.'],
    [['gide'], 'There is no job "gide".'],
    [['--state', '1-welcome'], "Unknown option '--state'"],
  ])('says what is wrong with %j, and how it is asked', (args, message) => {
    const told = readTourOptions(args);
    expect(told).toContain(message);
    expect(told).toContain('--states A,B');
  });
});
