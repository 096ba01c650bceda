import type { PromptDocument, PromptEdit } from '../../contract/texts/prompt.ts';
import type { Alternative } from '../../contract/texts/reading.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { chooseAlternative } from './edits/choose-alternative.ts';
import { deleteSlots, lockSlots, moveSlots, muteSlots, stepWeights, weighSlots } from './edits/change-slots.ts';
import { setText } from './edits/set-text.ts';
import { takeHeard } from './edits/take-heard.ts';

/**
 * Start here: every way a prompt can change. Pure: the document given is never altered, and slots an edit does not name
 * keep their ids, tokens, source, lock and weight. (Where an edit gives a slot a new neighbour, only whether a space
 * follows it may change; see `mend-seams.ts`.)
 *
 * A lock protects a slot from being solved again by a machine. The artist's own hand may change a locked slot by every
 * edit here, because each of them is an act of will on just that slot.
 *
 * @param tokenizer the tokenizer of the document's pack
 * @param candidates for choose-alternative: what was read at the slot's place; null where no reading is stored
 * @throws StudioError `not-found` for a slot the document does not have, `bad-request` for an alternative the slot does
 * not have, `prompt-too-long` over 4,096 tokens
 */
export function editPrompt(
  document: PromptDocument,
  edit: PromptEdit,
  tokenizer: Tokenizer,
  candidates: readonly Alternative[] | null = null,
): PromptDocument {
  switch (edit.type) {
    case 'set-text':
      return setText(document, edit.text, tokenizer);
    case 'choose-alternative':
      return chooseAlternative(document, edit, candidates, tokenizer);
    case 'delete':
      return deleteSlots(document, edit.slotIds, tokenizer);
    case 'lock':
      return lockSlots(document, edit.slotIds, edit.locked);
    case 'mute':
      return muteSlots(document, edit.slotIds, edit.muted, tokenizer);
    case 'weigh':
      return weighSlots(document, edit.slotIds, edit.weight);
    case 'step-weight':
      return stepWeights(document, edit.slotIds, edit.steps);
    case 'move':
      return moveSlots(document, edit.slotIds, edit.toIndex, tokenizer);
    case 'take-heard':
      return takeHeard(document, edit.heard, tokenizer);
  }
}
