import type { PromptDocument, TokenSource } from '../../../contract/texts/prompt.ts';
import type { Polished, PolishRequest } from '../../../contract/texts/text-help.ts';
import { loadLexicon } from '../../language/lexicon.ts';
import { replaceNames, shortenDocument } from '../../language/polish-document.ts';
import { comparePrompts } from '../../prompt/compare-prompts.ts';
import { setText } from '../../prompt/edits/set-text.ts';
import { renderPrompt } from '../../prompt/render-prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { creditNew, rewriteWithModel, rewritingTemplate } from '../../writers/rewrite-with-model.ts';
import type { StudioServices } from '../studio-services.ts';

/**
 * A better text beside the one given, by rules or by a language model; nothing has changed by it.
 * @throws StudioError `not-found` for a connection that is not there; as ConnectionStore.requireBudget and Writer.write do
 */
export async function polishText(services: StudioServices, request: PolishRequest, signal: AbortSignal): Promise<Polished> {
  const { document } = request;
  const tokenizer = await services.tokenizers.takeById(document.packId, services.packs);
  const polished = await polish(services, request, tokenizer, signal);
  return { document: polished, comparison: comparePrompts(document, polished) };
}

async function polish(
  services: StudioServices,
  request: PolishRequest,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): Promise<PromptDocument> {
  const { document } = request;
  if (request.way === 'names') return replaceNames(document, tokenizer);
  if (request.way === 'shorten') return shortenDocument(document, request.limit, await loadLexicon(), tokenizer);
  const { writer, model: connected, count } = await services.openWriter(request.writer);
  const { way, language, limit } = request;
  const order = { text: renderPrompt(document).text, way, language, limit };
  const text = await rewriteWithModel(writer, order, signal, count);
  const { id: provider, model } = connected;
  const source: TokenSource = { type: 'language', provider, model, template: rewritingTemplate };
  return creditNew(document, setText(document, text, tokenizer), source);
}
