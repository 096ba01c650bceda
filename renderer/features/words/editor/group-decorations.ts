import { Prec, StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';
import type { GroupStretch } from '../../../state/text/words/group-stretches.ts';

/** A stretch with the name it is shown under; null for one in no group. */
interface ShownStretch extends GroupStretch {
  readonly name: string | null;
}

/** The stretches of the whole text; none where it is not grouped. */
export const setGroups = StateEffect.define<readonly ShownStretch[]>();

function groupSet(stretches: readonly ShownStretch[], length: number): DecorationSet {
  const inside = stretches.filter(({ from, to }) => from < to && to <= length);
  return Decoration.set(
    inside.map(({ group, name, from, to }) =>
      Decoration.mark({
        class: `group of-${group ?? 'none'}`,
        // A name is drawn by the theme and is no part of the text: neither copied, nor searched, nor walked through.
        attributes: name === null ? {} : { 'data-name': name },
        // What is written at the end of a stretch stands in it until the text is grouped again.
        inclusiveEnd: true,
        inclusiveStart: from === 0,
      }).range(from, to),
    ),
  );
}

const groupField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setGroups)) next = groupSet(effect.value, transaction.newDoc.length);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks of the lowest rank lie around all others, so that a group is one element. */
export const groupDecorations: Extension = Prec.lowest(groupField);
