import { StudioError } from '../../contract/errors.ts';
import { assembleConditioning, zeroConditioning } from './assemble-conditioning.ts';
import type { Conditioning } from './conditioning.ts';
import type { DecoderGraphs } from './decoder-graphs.ts';
import { encodePrompts } from './encode-prompts.ts';
import type { TextsToEncode } from './encode-prompts.ts';
import type { PromptReader, TextPrompts } from './prompt-reader.ts';
import type { DecoderConfig } from './read-decoder-folder.ts';
import { textEncoderOf } from './text-encoder.ts';

/**
 * What every text of every group tells the denoiser, [1, …] an input; texts of a group are drawn in one run and come out equally long. Throws
 * `bad-request` where the folder's text encoders have no second prompt or no layers to leave out.
 *
 * @param rowLength tokens of a row, where every encoder is a clip whose graph takes shorter ones; absent: as long as they can be
 */
export async function encodeTexts(
  config: DecoderConfig,
  reader: PromptReader,
  graphs: DecoderGraphs,
  groups: readonly (readonly TextPrompts[])[],
  beforeRun: () => Promise<void>,
  { rowLength = Infinity }: { readonly rowLength?: number } = {},
): Promise<Conditioning[][]> {
  for (const prompts of groups.flat()) requireEncoders(prompts, config);
  const texts: TextsToEncode[] = [];
  for (const rule of config.textEncoders) {
    const wished = config.textEncoders.every(({ kind }) => kind === 'clip') ? rowLength : Infinity;
    const encoder = textEncoderOf(await graphs.open(rule.component), reader.tokenizerOf(rule), rule, { ...rule, wished });
    const read = (prompts: TextPrompts) => ({
      tokens: reader.tokensFor(rule, prompts),
      clipSkip: prompts.clipSkip,
      emphasis: prompts.emphasis,
    });
    texts.push({ encoder, groups: groups.map((group) => group.map(read)) });
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

function requireEncoders({ second, clipSkip }: TextPrompts, { textEncoders, family }: DecoderConfig): void {
  if (second !== null && textEncoders.every(({ reads }) => reads === 'first')) {
    throw new StudioError(
      'bad-request',
      `Models like ${family.label} read one prompt; there is nothing that reads a second.`,
      'Leave the second prompt out, or choose a model with two text encoders, such as Stable Diffusion XL.',
    );
  }
  if (clipSkip > 0 && textEncoders.every(({ kind, states }) => kind !== 'clip' || states === null)) {
    throw new StudioError(
      'bad-request',
      `Models like ${family.label} take no hidden states of CLIP, so there are no layers to leave out.`,
      'Choose a clip skip of 0.',
      { clipSkip },
    );
  }
}
