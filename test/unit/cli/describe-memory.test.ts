import { expect, it } from 'vitest';
import { describeMemory } from '../../../main/shell/cli/output/describe-memory.ts';

const need = { needBytes: 5.1e9, haveBytes: 3.9e9, smaller: { width: 512, height: 384 } };

it('tells before a drawing that it needs more memory than is free, and what would fit', () => {
  expect(describeMemory({ verdict: 'short', ...need })).toBe(
    'This drawing needs 5.1 GB of memory at least, and there are 3.9 GB free: the machine may come to a crawl. 512x384 would fit.',
  );
  expect(describeMemory({ verdict: 'short', ...need, smaller: null })).not.toContain('would fit');
});

it('tells that it is close, and nothing where it fits, runs elsewhere or is refused anyway', () => {
  expect(describeMemory({ verdict: 'close', needBytes: 3.5e9, haveBytes: 3.9e9, smaller: null })).toBe(
    'This drawing needs 3.5 GB of memory at least, and there are 3.9 GB: that is close.',
  );
  expect(describeMemory(null)).toBeNull();
  for (const verdict of ['fits', 'too-much'] as const) expect(describeMemory({ verdict, ...need })).toBeNull();
});
