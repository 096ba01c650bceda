import { StudioError } from '../../../contract/errors.ts';
import { loadTransformers } from '../../tensor/load-transformers.ts';
import { fillRows } from '../../tokenizer/fill-rows.ts';
import type { PromptTokenizer } from '../../tokenizer/prompt-tokenizer.ts';

/** Every text was filled to this length in training, and its vector is taken from the last place (transformers, `SiglipTextConfig`). */
const siglipLength = 64;
/** Python's `string.punctuation`. */
const punctuation = /[!-/:-@[-`{-~]/gu;

/** As SigLIP was taught: small letters, no punctuation, one space between words (big_vision, `canonicalize_text`). */
function canonicalise(text: string): string {
  return text.toLowerCase().replaceAll(punctuation, '').replaceAll(/\s+/gu, ' ').trim();
}

/**
 * SigLIP's vocabulary, read by the library that its repositories are made for: their files have more than one form. The end token is the padding
 * as well. It tells the tokens of whole texts; a search that chooses single tokens needs CLIP's.
 *
 * @throws StudioError `pack-invalid` for files that cannot be read
 */
export async function loadSiglipTokenizer(folder: string): Promise<PromptTokenizer> {
  const { AutoTokenizer } = await loadTransformers();
  try {
    const library = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
    const vocabulary = library.get_vocab();
    const endId = vocabulary.get('</s>');
    if (endId === undefined) throw new Error('the vocabulary lacks </s>');
    return {
      modelMaxLength: siglipLength,
      vocabularySize: vocabulary.size,
      encode: (text) => library.encode(canonicalise(text), { add_special_tokens: false }).map((id) => ({ id })),
      isComma: () => false,
      toModelInputs: (texts, { maxLength }) => fillRows(texts, { length: maxLength, beginId: null, endId, padId: endId }),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : String(cause);
    const hint = 'Verify or fetch the model again.';
    throw new StudioError('pack-invalid', 'The vocabulary of SigLIP does not parse.', hint, { folder, reason }, cause);
  }
}
