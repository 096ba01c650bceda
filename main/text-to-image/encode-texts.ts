import { assembleConditioning, zeroConditioning } from './assemble-conditioning.ts';
import type { Conditioning } from './conditioning.ts';
import type { DecoderGraphs } from './decoder-graphs.ts';
import { encodePrompts } from './encode-prompts.ts';
import type { TextsToEncode } from './encode-prompts.ts';
import type { PromptReader, TextPrompts } from './prompt-reader.ts';
import type { DecoderConfig } from './read-decoder-folder.ts';
import { textEncoderOf } from './text-encoder.ts';

/** What every text of every group tells the denoiser, [1, …] an input; texts of a group are drawn in one run and come out equally long. */
export async function encodeTexts(
  config: DecoderConfig,
  reader: PromptReader,
  graphs: DecoderGraphs,
  groups: readonly (readonly TextPrompts[])[],
  beforeRun: () => Promise<void>,
): Promise<Conditioning[][]> {
  const texts: TextsToEncode[] = [];
  for (const rule of config.textEncoders) {
    const encoder = textEncoderOf(await graphs.open(rule.component), reader.tokenizerOf(rule), rule, rule);
    texts.push({ encoder, groups: groups.map((group) => group.map((prompts) => reader.tokensFor(rule, prompts))) });
  }
  const encoded = await encodePrompts(texts, beforeRun);
  return groups.map((group, groupIndex) =>
    group.map((prompts, text) => {
      const byEncoder = texts.flatMap(({ encoder }, index) => {
        const said = encoded[index]?.[groupIndex]?.[text];
        return said ? [[encoder.rule.component, said] as const] : [];
      });
      const conditioning = assembleConditioning(config.family, Object.fromEntries(byEncoder), config.textWidth);
      const isEmpty = prompts.isNegative && reader.tokensOf(prompts.first).length === 0;
      return isEmpty && config.zeroesEmptyNegative ? zeroConditioning(conditioning) : conditioning;
    }),
  );
}
