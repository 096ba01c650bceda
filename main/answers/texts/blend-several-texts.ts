import type { Several, SeveralRequest } from '../../../contract/texts/blend.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { blendSeveral } from '../../language/blend-several.ts';
import { letters, textOf } from '../../language/sentence.ts';
import type { Letter } from '../../language/sentence.ts';
import { writeDocument } from '../../language/write-document.ts';
import { prepareTexts, rulesAsSource, warnOfPack } from '../../work/blending/prepare-blend.ts';
import type { StudioServices } from '../studio-services.ts';

/**
 * Blends of more than two texts, by rules.
 * @throws StudioError as prepareTexts does
 */
export async function blendSeveralTexts(services: StudioServices, request: SeveralRequest): Promise<Several> {
  const prepared = await prepareTexts(services, request.sources, request.limit);
  const { texts, options, packId, tokenizer } = prepared;
  const documents: Partial<Record<Letter, PromptDocument>> = {};
  for (const [at, letter] of letters.entries()) {
    const document = texts[at]?.document;
    if (document !== undefined) documents[letter] = document;
  }
  const said = blendSeveral(
    texts.map(({ side }) => side),
    options,
  );
  const blends = said.map(({ objects, scene, look, words, checks }) => ({
    objects: [...objects],
    scene,
    look,
    text: textOf(words),
    words: words.map(({ text, from }) => ({ text, source: from === null ? null : letters.indexOf(from) })),
    document: writeDocument(words, documents, { id: prepared.createId(), packId, tokenizer, writer: rulesAsSource }),
    checks,
  }));
  return {
    sources: texts.map(({ side, document }) => ({ text: side.text, document })),
    blends,
    warnings: warnOfPack(prepared, blends),
  };
}
