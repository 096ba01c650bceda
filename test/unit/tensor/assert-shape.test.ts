import { describe, expect, it } from 'vitest';
import { assertShape, elementCount } from '../../../main/tensor/assert-shape.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';

const tensor: Tensor = { dtype: 'float32', shape: [2, 3], data: new Float32Array(6) };

describe('assertShape', () => {
  it('accepts the shape and any size where null stands', () => {
    expect(() => assertShape('latents', tensor, 'float32', [2, 3])).not.toThrow();
    expect(() => assertShape('latents', tensor, 'float32', [null, 3])).not.toThrow();
  });

  it('names the tensor, what was expected and what came', () => {
    expect(() => assertShape('latents', tensor, 'float32', [2, 4])).toThrow(
      'latents: expected float32 [2, 4], got float32 [2, 3] with 6 elements',
    );
    expect(() => assertShape('ids', tensor, 'int64', [2, 3])).toThrow('int64');
    expect(() => assertShape('latents', tensor, 'float32', [2, 3, 1])).toThrow('[2, 3, 1]');
    expect(() => assertShape('short', { ...tensor, data: new Float32Array(5) }, 'float32', [2, 3])).toThrow('5 elements');
  });

  it('counts the elements of a scalar as one', () => {
    expect(elementCount([])).toBe(1);
    expect(elementCount([2, 0, 4])).toBe(0);
  });
});
