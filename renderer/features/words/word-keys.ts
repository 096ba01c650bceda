/** Commands whose keys work on the words under the caret; in the editor they go before its own. */
export const wordKeys: readonly string[] = [
  'word-alternatives',
  'weigh-more',
  'weigh-less',
  'lock-word',
  'mute-word',
  'word-left',
  'word-right',
  'undo',
  'redo',
];
