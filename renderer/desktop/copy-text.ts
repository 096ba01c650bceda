/** Puts text on the clipboard. False where the browser does not let a page do that; the caller selects the text instead. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (failure) {
    if (failure instanceof DOMException || failure instanceof TypeError) return false;
    throw failure;
  }
}
