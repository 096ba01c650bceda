import { transferOrderSchema } from '../../contract/transfer.ts';

/** The least there is to draw: one text, one pack, one seed. */
export const smallTransfer = transferOrderSchema.parse({
  name: 'A comparison',
  rows: [{ name: 'one', prompt: { type: 'text', text: 'a fox' } }],
  tools: [{ type: 'pack', packId: 'small' }],
  settings: { seed: 3 },
});
