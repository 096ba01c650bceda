import type { ExportTarget } from '../../../contract/texts/prompt.ts';
import type { SpecialSequence } from './special-sequence.ts';

/**
 * AUTOMATIC1111's web UI and Forge: `modules/prompt_parser.py`, `extra_networks.py`, `infotext_utils.py` and
 * `processing_scripts/comments.py`. Nothing here changes a token of the prompt: its tokenizer folds letter case and the
 * full-width ＃ (through ftfy), and its parser takes backslashes away.
 */
const a1111: readonly SpecialSequence[] = [
  {
    meaning: 'emphasis, alternation, editing at a step, and the escape itself',
    example: '(red) [cat:dog:0.5] [cat|dog] \\ after',
    pattern: /[\\()[\]]/g,
    safe: '\\$&',
    of: 'word',
  },
  {
    meaning: 'a comment up to the end of the line',
    example: 'a #1 sticker after',
    pattern: /#/g,
    safe: '\uff03',
    of: 'word',
    note: 'The web UI drops a line from # on, so # is written as ＃ (full width), which it reads as the same sign.',
  },
  {
    meaning: 'BREAK begins a new piece, AND parts two prompts that are drawn at once',
    example: 'cat AND dog BREAK bird after',
    pattern: /\b(?:BREAK|AND)\b/g,
    safe: (word) => word.toLowerCase(),
    of: 'word',
    note: 'AND and BREAK are commands of the web UI, so they are in lower case.',
  },
  {
    meaning: 'an extra network, taken out of the text whether it exists or not',
    example: '<lora:name:2> <сеть:имя> after',
    pattern: /<(?=[\p{L}\p{N}\p{M}_]+:)/gu,
    safe: '< ',
    of: 'word',
    note: 'The web UI would load a network for <name:…>; a space was put after <.',
  },
  {
    meaning: 'the beginning of the negative prompt, where the whole block is pasted',
    example: 'Negative prompt: fox after',
    pattern: /^Negative prompt:/g,
    safe: 'negative prompt:',
    of: 'prompt',
  },
  {
    meaning: 'the weight of the whole prompt, where it ends in a colon and a number',
    example: 'after a screen of 16:9',
    pattern: /(?<=:\s*)[-+]?(?:\p{Nd}+\.?|\p{Nd}*\.\p{Nd}+)$/gu,
    safe: '\\$&',
    of: 'prompt',
  },
];

/**
 * ComfyUI: `comfy/sd1_clip.py`, and the dynamic prompts of its page. A backslash alone needs no escape, except before what
 * the page unescapes, and at the very end, where the page would read on.
 */
const comfyui: readonly SpecialSequence[] = [
  {
    meaning: 'the page takes a backslash before braces and bars away',
    example: 'a \\{b\\} \\|c after',
    pattern: /\\(?=[{}|])/g,
    safe: '\\ ',
    of: 'word',
    note: "ComfyUI's page takes a backslash before braces and bars away; a space was put after it.",
  },
  {
    meaning: 'emphasis, and a choice at random',
    example: '(red:1.5) {cat|dog} after',
    pattern: /[(){}]/g,
    safe: '\\$&',
    of: 'word',
  },
  {
    meaning: 'comments',
    example: 'http://z /* c */ after',
    pattern: /\/(?=[/*])/g,
    safe: '/ ',
    of: 'word',
    note: 'ComfyUI reads // and /* as comments; a space was put between them.',
  },
  {
    meaning: 'the name of an embedding',
    example: 'embedding:bad after',
    pattern: /^embedding:/gi,
    safe: (found) => `${found.slice(0, -1)} :`,
    of: 'word',
    note: 'ComfyUI would load a file for embedding:…; a space was put before the colon.',
  },
  { meaning: 'a backslash that escapes what follows the text', example: 'after \\', pattern: /\\$/g, safe: '\\ ', of: 'prompt' },
];

/** InvokeAI: compel's `prompt_parser.py`, and the dynamic prompts and embeddings of its page. */
const invokeai: readonly SpecialSequence[] = [
  {
    meaning: 'a choice at random',
    example: 'a {red|blue} cat after',
    pattern: /[{}]/g,
    safe: (brace) => (brace === '{' ? '(' : ')'),
    of: 'word',
    note: 'InvokeAI would draw one of {these|words}; the braces are written as parentheses.',
  },
  {
    meaning: 'a weight behind a word',
    example: 'C++ and (low-) after',
    pattern: /(?<=[^-+])[-+]+(?=$|[),])/g,
    safe: '',
    of: 'word',
    note: 'InvokeAI reads + and - behind a word as its weight, so they are left out.',
  },
  { meaning: 'emphasis', example: '(red) cat.swap(dog) after', pattern: /[()]/g, safe: '\\$&', of: 'word' },
  { meaning: 'an escaped quotation mark', example: 'a \\"b\\" after', pattern: /\\(?=")/g, safe: '\\\\', of: 'word' },
  {
    meaning: 'an embedding',
    example: '<easynegative> after',
    pattern: /<(?=[^<>\s]+>)/g,
    safe: '< ',
    of: 'word',
    note: 'InvokeAI would load an embedding for <name>; a space was put after <.',
  },
];

/** Fooocus: `modules/async_worker.py`, `modules/util.py`, and ComfyUI's reading of emphasis. */
const fooocus: readonly SpecialSequence[] = [
  { meaning: 'emphasis', example: '(red:1.5) after', pattern: /[()]/g, safe: '\\$&', of: 'word' },
  {
    meaning: 'a network',
    example: '<lora:winter:0.8> after',
    pattern: /<(?=lora:)/gi,
    safe: '< ',
    of: 'word',
    note: 'Fooocus would load a network for <lora:…>; a space was put after <.',
  },
  {
    meaning: 'a line of a file by chance',
    example: 'a __colour__ cat after',
    pattern: /_{2,}/g,
    safe: '_',
    of: 'word',
    note: 'Fooocus would take __name__ for a file of words; the lines are single.',
  },
  {
    meaning: 'a series, one picture for each',
    example: 'a [[red,blue]] cat after',
    pattern: /\[{2,}|\]{2,}/g,
    safe: (found) => found.charAt(0),
    of: 'word',
    note: 'Fooocus would draw one picture for each of [[these, words]]; the brackets are single.',
  },
  {
    meaning: 'the name of an embedding',
    example: 'embedding:bad after',
    pattern: /^embedding:/gi,
    safe: (found) => `${found.slice(0, -1)} :`,
    of: 'word',
    note: 'Fooocus would load a file for embedding:…; a space was put before the colon.',
  },
  { meaning: 'a backslash that escapes what follows the text', example: 'after \\', pattern: /\\$/g, safe: '\\ ', of: 'prompt' },
];

const midjourneyNote = 'Dashes, double colons or braces that Midjourney would read as parameters were replaced.';

/** Midjourney, by public guides: it has no published parser. */
const midjourney: readonly SpecialSequence[] = [
  {
    // A run becomes one dash with a space on either side, so that what follows is a word and not the name of a parameter.
    meaning: 'a parameter, also with the long dash that phones make of two',
    example: 'a cat --seed 5 —no dogs after',
    pattern: /[-\u2010-\u2015\u2212]{2,}|[\u2014\u2015]/gu,
    safe: ' - ',
    of: 'word',
    note: midjourneyNote,
  },
  {
    meaning: 'a parameter, where a short dash begins a word',
    example: 'a cat \u2013v after',
    pattern: /^[\u2010-\u2013]/gu,
    safe: '-',
    of: 'word',
    note: midjourneyNote,
  },
  { meaning: 'a weight', example: 'cat::9 dog after', pattern: /:{2,}/g, safe: ':', of: 'word', note: midjourneyNote },
  {
    meaning: 'one paid job for every choice',
    example: 'a {red, blue} cat after',
    pattern: /[{}]/g,
    safe: (brace) => (brace === '{' ? '(' : ')'),
    of: 'word',
    note: midjourneyNote,
  },
  {
    meaning: 'a picture to start from',
    example: 'https://host/a.png after',
    pattern: /\bhttps?:(?=\/\/)/gi,
    safe: '$& ',
    of: 'word',
    note: 'The text holds a web address, which Midjourney would take for a picture to start from; a space was put into it.',
  },
];

/**
 * Everything a target's own front end treats as something other than words. Extensions of a tool add more, which nobody can
 * list; plain language and SDXL pipelines read words alone.
 */
export const SPECIAL_SEQUENCES: Readonly<Record<ExportTarget, readonly SpecialSequence[]>> = {
  plain: [],
  sdxl: [],
  midjourney,
  a1111,
  comfyui,
  invokeai,
  fooocus,
};
