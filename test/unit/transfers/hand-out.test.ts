import { expect, it } from 'vitest';
import { transferOrderSchema } from '../../../contract/transfer.ts';
import { handOut } from '../../../main/transfers/hand-out.ts';
import { smallTransfer } from '../../helpers/small-transfer.ts';

const order = transferOrderSchema.parse({
  ...smallTransfer,
  rows: [{ name: 'one', prompt: { type: 'text', text: ' a red\n  fox --v 5 ' } }],
  tools: [{ type: 'pack', packId: 'small' }, { type: 'midjourney' }],
  settings: { seed: 40, width: 1280, height: 720, negative: 'dog', steps: 20 },
  seeds: 5,
});

it('is the text in the words of the tool, with what it does not take said, and one text for as many places as it gives pictures', () => {
  const texts = [0, 1, 2, 3, 4].map((seedIndex) => handOut(order, { row: 0, column: 1, seedIndex })?.text);
  const words = [40, 40, 40, 40, 41].map((seed) => new RegExp(`^a red fox .*--ar 16:9 --no dog --seed ${seed}$`));
  for (const [at, pattern] of words.entries()) expect(texts[at]).toMatch(pattern);
  const handed = handOut(order, { row: 0, column: 1, seedIndex: 0 });
  // What stood in the words is no parameter.
  expect(handed?.text).not.toContain('--v 5');
  expect(handed?.notes).toContain('Midjourney has no setting for steps; it is left out.');
});

it('is nothing for places that a tool draws', () => {
  expect(handOut(order, { row: 0, column: 0, seedIndex: 0 })).toBeNull();
});
