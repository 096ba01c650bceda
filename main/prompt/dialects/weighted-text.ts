/** A run of text with its emphasis as the tool means it, which may be more than the studio's 2. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

/** How a tool reads parentheses. */
export interface AttentionGrammar {
  /** Whether `[x]` is a weight below 1. */
  readonly brackets: boolean;
  /** What `(x:1.3)` does to what lies in other parentheses: the web UI multiplies, ComfyUI takes the inner number alone. */
  readonly explicit: 'multiplies' | 'replaces';
  /** Characters that a backslash makes plain. */
  readonly escaped: ReadonlySet<string>;
  /** What becomes of any other backslash. */
  readonly backslash: 'kept' | 'dropped';
  /** Whether a bracket that is never closed counts to the end of the text. */
  readonly unclosed: 'counts' | 'text';
}

interface Piece {
  text: string;
  weight: number;
  /** Decided by a number; no outer bracket changes it where numbers replace. */
  fixed: boolean;
}

interface Open {
  readonly bracket: '(' | '[';
  readonly start: number;
  /** Where its own sign stands among the pieces; it becomes text again where it is never closed. */
  readonly sign: Piece;
}

/** More brackets than this within each other change nothing any more: the studio's weights end at 2. */
const mostOpen = 32;
const explicitWeight = /:\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*\)/y;

/** Text with emphasis in brackets, as runs of one weight. `modules/prompt_parser.py` of the web UI, `comfy/sd1_clip.py` of ComfyUI. */
export function readAttention(text: string, grammar: AttentionGrammar): WeightedText[] {
  const pieces: Piece[] = [];
  const open: Open[] = [];
  const say = (part: string): void => {
    const last = pieces.at(-1);
    // Pieces are joined only where no bracket begins between them.
    if (last !== undefined && open.at(-1)?.start !== pieces.length && last.weight === 1 && !last.fixed) last.text += part;
    else pieces.push({ text: part, weight: 1, fixed: false });
  };
  const close = (bracket: Open['bracket'], weight: number | null): boolean => {
    const last = open.at(-1);
    if (last?.bracket !== bracket) return false;
    open.pop();
    weigh(pieces, last, weight, grammar);
    return true;
  };
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    explicitWeight.lastIndex = at;
    const explicit = character === ':' && open.at(-1)?.bracket === '(' ? explicitWeight.exec(text) : null;
    if (character === '\\') {
      const next = text.charAt(at + 1);
      if (grammar.escaped.has(next)) at += 1;
      say(grammar.escaped.has(next) ? next : grammar.backslash === 'kept' ? character : '');
    } else if (explicit !== null && close('(', Number(explicit[1]))) at += explicit[0].length - 1;
    else if ((character === '(' || (character === '[' && grammar.brackets)) && open.length < mostOpen) {
      const sign: Piece = { text: '', weight: 1, fixed: false };
      pieces.push(sign);
      open.push({ bracket: character, start: pieces.length, sign });
    } else if (!((character === ')' && close('(', null)) || (character === ']' && grammar.brackets && close('[', null))))
      say(character);
    at += 1;
  }
  for (const left of open.toReversed()) {
    if (grammar.unclosed === 'counts') weigh(pieces, left, null, grammar);
    else left.sign.text = left.bracket;
  }
  return pieces.filter(({ text: part }) => part !== '').map(({ text: part, weight }) => ({ text: part, weight }));
}

function weigh(
  pieces: readonly Piece[],
  { bracket, start }: Open,
  explicit: number | null,
  { explicit: way }: AttentionGrammar,
): void {
  const factor = explicit ?? (bracket === '(' ? 1.1 : 1 / 1.1);
  for (const piece of pieces.slice(start)) {
    if (way === 'replaces' && piece.fixed) continue;
    piece.weight *= factor;
    piece.fixed = explicit !== null;
  }
}
