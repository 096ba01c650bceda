import { isSiglipVocabulary, loadTokenizer } from '../../tokenizer/load-tokenizer.ts';
import type { PromptTokenizer } from '../../tokenizer/prompt-tokenizer.ts';
import { loadSiglipTokenizer } from './siglip-tokenizer.ts';

/** Reads the vocabulary of a scorer, CLIP's or SigLIP's; throws as their loaders do. */
export async function loadScorerTokenizer(folder: string): Promise<PromptTokenizer> {
  return (await isSiglipVocabulary(folder)) ? loadSiglipTokenizer(folder) : loadTokenizer(folder);
}
