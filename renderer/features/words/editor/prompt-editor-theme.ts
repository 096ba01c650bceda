import { EditorView } from '@codemirror/view';

/** Underlines by confidence: the surer the encoder was, the stronger the line. Six steps, because a class is all a decoration may set. */
const confidence = Object.fromEntries(
  [0, 1, 2, 3, 4, 5].map((level) => [
    `.sure-${level}`,
    { '--line': `${(0.75 + level * 0.45).toFixed(2)}px`, '--line-share': `${30 + level * 14}%` },
  ]),
);

const origins = {
  '.from-imageA': { '--origin': 'var(--origin-image-a)', textDecorationStyle: 'solid' },
  '.from-imageB': { '--origin': 'var(--origin-image-b)', textDecorationStyle: 'dashed' },
  '.from-language': { '--origin': 'var(--origin-language)', textDecorationStyle: 'dotted' },
  '.from-hand': { '--origin': 'var(--origin-hand)', '--line': '2px', '--line-share': '100%', textDecorationStyle: 'double' },
};

/** Values as bars behind the words: height says how much, hatching says below nothing, and colour only repeats it. */
const values = Object.fromEntries(
  [1, 2, 3, 4].flatMap((level) => [
    [`.adds-${level}`, { background: `linear-gradient(to top, var(--value-more) ${level * 25}%, transparent ${level * 25}%)` }],
    [
      `.takes-${level}`,
      {
        background: 'repeating-linear-gradient(135deg, var(--value-less) 0 2px, transparent 2px 4px)',
        backgroundSize: `100% ${level * 25}%`,
        backgroundPosition: 'bottom',
        backgroundRepeat: 'no-repeat',
      },
    ],
  ]),
);

/**
 * The name of a group is generated content with an empty alternative text: nothing of it is selected, copied or read aloud in the middle of
 * the words. Under the pictures, where there is little height, it stands in the line; beside them every group has lines of its own.
 */
const groups = {
  '.group[data-name]::before': {
    content: 'attr(data-name) / ""',
    marginRight: '6px',
    font: '500 12px/20px var(--font)',
    color: 'var(--quiet)',
    whiteSpace: 'nowrap',
  },
  // Behind the group before, and not before the name: a line begins with its name at the edge.
  '.group:has(+ .group)': { marginRight: '10px' },
  '@media (min-width: 1440px)': {
    '.cm-content:has(.group)': { paddingLeft: '104px' },
    '.group, .group:has(+ .group)': { display: 'block', position: 'relative', margin: '0 0 2px' },
    '.group[data-name]::before': {
      position: 'absolute',
      left: '-88px',
      margin: '0',
      lineHeight: '30.6px',
    },
  },
};

/** Words fade where more of them are out of sight, far enough that it shows also where a line ends at the edge. */
const fade = '20px';
const hidden = {
  '.cm-scroller[data-hidden=below]': { maskImage: `linear-gradient(to top, transparent, black ${fade})` },
  '.cm-scroller[data-hidden=above]': { maskImage: `linear-gradient(to bottom, transparent, black ${fade})` },
  '.cm-scroller[data-hidden="above below"]': {
    maskImage: `linear-gradient(to bottom, transparent, black ${fade}, black calc(100% - ${fade}), transparent)`,
  },
};

/** Lives in a shadow root, so it says everything itself; colours come from the page's tokens. */
export const promptEditorTheme = EditorView.theme({
  '&': { height: '100%', background: 'transparent', color: 'var(--ink)', fontFamily: 'var(--font)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', overflow: 'auto', scrollbarWidth: 'thin', scrollbarColor: 'var(--edge) transparent' },
  '.cm-content': {
    padding: '2px 16px 2px',
    caretColor: 'var(--accent)',
    lineHeight: '1.8',
    // The same for few and many words, so that it does not change while one types.
    fontSize: '17px',
  },
  '.cm-line': { padding: '0' },
  ...groups,
  ...hidden,
  '.cm-placeholder': { color: 'var(--quiet)' },
  '.cm-content ::selection': { background: 'var(--accent-wash)' },
  '.token': {
    position: 'relative',
    padding: '2px 0',
    borderRadius: '3px',
    textDecorationColor: 'color-mix(in oklch, var(--origin) var(--line-share, 100%), transparent)',
    textDecorationThickness: 'var(--line, 1px)',
    textUnderlineOffset: '5px',
    textDecorationSkipInk: 'none',
  },
  '.token.marked, .token:hover': { textDecorationLine: 'underline' },
  ...confidence,
  ...origins,
  '.from-hand, .from-language, .from-imageB': { color: 'color-mix(in oklch, var(--origin) 55%, var(--ink))' },
  // Where a word is made of several tokens, a faint tick stands between them.
  '.joined::before': {
    content: '""',
    position: 'absolute',
    left: '-0.5px',
    bottom: '-7px',
    height: '5px',
    width: '1px',
    background: 'var(--edge)',
  },
  // An exact reading that was exchanged for another candidate, and a word that plain text does not carry exactly.
  '.changed': { textDecorationStyle: 'wavy', textDecorationThickness: '1px' },
  '.drifts': { boxShadow: 'inset 0 -1px 0 var(--edge)' },
  // A name, a brand or writing: a line above the whole word, which no other mark has.
  '.hinted': { borderTop: '1px dashed var(--accent)' },
  ...values,
  '.landing': {
    display: 'inline-block',
    width: '0',
    height: '1.4em',
    marginLeft: '-1px',
    marginRight: '-1px',
    verticalAlign: 'text-bottom',
    outline: '1px solid var(--accent)',
  },
  '.token.muted, .token.muted:hover': {
    color: 'var(--quiet)',
    textDecorationLine: 'line-through',
    textDecorationColor: 'currentColor',
    textDecorationThickness: '1px',
    textDecorationStyle: 'solid',
  },
  '.locked': { background: 'var(--raised)', boxShadow: '0 0 0 1px var(--edge)' },
  '.weighed::after': {
    content: 'attr(data-weight)',
    position: 'absolute',
    // Between the lowest mark of the line above and the highest letter of its own.
    top: '-5px',
    left: '0',
    font: '500 11px/11px var(--font)',
    color: 'var(--quiet)',
    // The frame of a locked word goes round it instead of through it.
    background: 'var(--panel)',
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
  },
  // A short word is as wide as its weight where the next one has its own. The height stays that of text in a line.
  '.weight-follows': { display: 'inline-block', minWidth: '30px', lineHeight: '20.6px' },
  '.cut': {
    opacity: '1',
    color: 'var(--quiet)',
    background: 'repeating-linear-gradient(135deg, transparent 0 4px, var(--hover) 4px 6px)',
  },
  '.pointed': { background: 'var(--accent-wash)', boxShadow: '0 0 0 2px var(--accent-wash)' },
  '.looked-1': { boxShadow: 'inset 0 -2px 0 var(--looked)', background: 'color-mix(in oklch, var(--looked) 40%, transparent)' },
  '.looked-2': { background: 'color-mix(in oklch, var(--looked) 75%, transparent)' },
  '.looked-3': { background: 'var(--looked)', boxShadow: '0 0 0 2px var(--looked)', fontWeight: '600' },
});
