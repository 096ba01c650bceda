/** A letter of a script that is written without spaces, or, as Korean, with words run together; and the marks on it. */
const LETTER =
  /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Yiii}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Lana}\p{scx=Talu}\p{scx=Tale}\p{scx=Java}\p{scx=Bali}]\p{M}*/gu;

/**
 * A text with every letter of such a script as a word of its own, so that リンゴ is found in 赤いリンゴと猫: the index keeps the
 * places of words, and a search asks for letters that follow each other. No dictionary, so nothing depends on where a word was
 * thought to end. Half-width and composed letters are one with the full ones.
 */
export function partWords(text: string): string {
  return text.normalize('NFKC').replace(LETTER, ' $& ');
}
