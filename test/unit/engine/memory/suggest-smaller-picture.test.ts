import { describe, expect, test } from 'vitest';
import { StudioError } from '../../../../contract/errors.ts';
import type { EngineGenerateRequest } from '../../../../main/engine/protocol.ts';
import { suggestSmallerPicture } from '../../../../main/engine/memory/suggest-smaller-picture.ts';
import { toEngineErrorBody } from '../../../../main/engine/engine-requests.ts';

const request = (width: number, height: number): EngineGenerateRequest => ({
  packFolder: '/packs/one',
  decoder: {
    layout: 'diffusers',
    folder: 'decoder',
    image: { width: 512, height: 512, multipleOf: 8 },
    defaults: { steps: 20, guidance: 3, scheduler: 'ddim', negative: '' },
  },
  prompt: { type: 'text', text: 'a fox' },
  negative: '',
  steps: 20,
  guidance: 3,
  seed: 1,
  count: 1,
  scheduler: 'ddim',
  width,
  height,
  init: null,
  fidelity: null,
  previews: false,
});
const exceeded = new StudioError('memory-exceeded', 'There is not enough memory.', 'Close other programs.');

describe('suggestSmallerPicture', () => {
  test('names a size of about half as many pixels, in the model’s steps', () => {
    const error = suggestSmallerPicture(exceeded, request(1024, 768));
    expect(error).toMatchObject({ code: 'memory-exceeded', hint: expect.stringContaining('720 × 536') as string });
  });

  test('has nothing smaller to offer at the model’s own size, and leaves other errors alone', () => {
    expect(suggestSmallerPicture(exceeded, request(512, 512))).toBe(exceeded);
    const other = new Error('something else');
    expect(suggestSmallerPicture(other, request(1024, 1024))).toBe(other);
  });
});

describe('toEngineErrorBody', () => {
  test.each(['std::bad_alloc', 'Array buffer allocation failed', 'Failed to allocate memory for requested buffer'])(
    '%s is memory-exceeded',
    (message) => {
      expect(toEngineErrorBody(new RangeError(message)).code).toBe('memory-exceeded');
    },
  );

  test('expected errors keep their body, others are internal with their text in the details', () => {
    expect(toEngineErrorBody(exceeded)).toEqual(exceeded.toBody());
    expect(toEngineErrorBody(new Error('oops'))).toMatchObject({ code: 'internal', details: { reason: 'oops' } });
  });
});
