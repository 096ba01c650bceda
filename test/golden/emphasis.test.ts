import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { emphasisSchema } from '../../contract/recipe.ts';
import { encodePrompts } from '../../main/text-to-image/encode-prompts.ts';
import { PromptReader } from '../../main/text-to-image/prompt-reader.ts';
import { readDecoderFolder } from '../../main/text-to-image/read-decoder-folder.ts';
import { textEncoderOf } from '../../main/text-to-image/text-encoder.ts';
import { largestDifference, readGolden } from './read-golden.ts';
import { fixture, openToyFolders } from './toy-folders.ts';

const golden = readGolden(
  'emphasis',
  z.object({
    folder: z.string(),
    component: z.string(),
    name: z.string(),
    tokenIds: z.array(z.number()),
    tokenWeights: z.array(z.number()),
    states: z.partialRecord(emphasisSchema, z.string()),
  }),
);
const { openGraph } = openToyFolders();

describe('weighted texts say what they say in AUTOMATIC1111, ComfyUI and compel', () => {
  for (const { folder, component, name, tokenIds, tokenWeights, states } of golden.cases) {
    it(`${folder} ${component}, ${name}`, async () => {
      const config = await readDecoderFolder(fixture(folder));
      const prompts = await PromptReader.open(config);
      const [rule] = config.textEncoders.filter((each) => each.component === component);
      if (rule === undefined) throw new Error(`no ${component} in ${folder}`);
      const session = await openGraph(folder)(join(fixture(folder), component, 'model.onnx'));
      const encoder = textEncoderOf(session, prompts.tokenizerOf(rule), rule, rule);
      const tokens = tokenIds.map((id, index) => ({ id, weight: tokenWeights[index] ?? 1 }));
      // All of them in one call, which reads each row of words once.
      const group = emphasisSchema.options.map((emphasis) => ({ tokens, clipSkip: 0, emphasis }));
      const [[encoded = []] = []] = await encodePrompts([{ encoder, groups: [group] }], () => Promise.resolve());
      for (const [index, emphasis] of emphasisSchema.options.entries()) {
        const expected = states[emphasis];
        if (expected === undefined) continue;
        const floats = new Float32Array(Uint8Array.from(Buffer.from(expected, 'base64')).buffer);
        expect(largestDifference(encoded[index]?.states.data ?? [], floats), emphasis).toBeLessThan(golden.tolerance);
      }
    });
  }
});
