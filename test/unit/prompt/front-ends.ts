/** What other tools' front ends make of a text: the few lines of each that take characters for something else. */

/** AUTOMATIC1111: comments.py, extra_networks.py, then prompt_parser.py (re_AND, re_weight, re_attention, re_break). */
export function readAsA1111(text: string): { readonly weight: number; readonly text: string; readonly pieces: number }[] {
  const uncommented = text.replace(/#[^\n]*(\n|$)/g, '\n');
  const withoutNetworks = uncommented.replace(/<([\p{L}\p{N}_]+):([^>]+)>/gu, '');
  return withoutNetworks.split(/\bAND\b/).map((part) => {
    const match = /^((?:\s|.)*?)(?:\s*:\s*([-+]?(?:\p{Nd}+\.?|\p{Nd}*\.\p{Nd}+)))?\s*$/u.exec(part);
    return { weight: match?.[2] === undefined ? 1 : Number(match[2]), ...readAttention(match?.[1] ?? '') };
  });
}

function readAttention(text: string): { text: string; pieces: number } {
  const attention = /\\\(|\\\)|\\\[|\\\]|\\\\|\\|\(|\[|:\s*([+-]?[.\d]+)\s*\)|\)|\]|[^\\()[\]:]+|:/g;
  const read: string[] = [];
  for (const { 0: found } of text.matchAll(attention)) {
    if (found.startsWith('\\')) read.push(found.slice(1));
    else if (!/^[()[\]]|\)$/.test(found)) read.push(found);
  }
  const plain = read.join('');
  return { text: plain, pieces: plain.split(/\s*\bBREAK\b\s*/).length };
}

/** ComfyUI: its page's dynamic prompts (with the first choice taken), then sd1_clip.py. */
export function readAsComfyui(text: string): string {
  const uncommented = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  let page = '';
  for (let at = 0; at < uncommented.length; at += 1) {
    const character = uncommented.charAt(at);
    if (character === '\\') {
      at += 1;
      page += `\\${String(uncommented[at])}`;
    } else if (character === '{') {
      const end = uncommented.indexOf('}', at);
      page += (end === -1 ? uncommented.slice(at + 1) : uncommented.slice(at + 1, end)).split('|')[0] ?? '';
      at = end === -1 ? uncommented.length : end;
    } else page += character;
  }
  const unescaped = page.replace(/\\([{}|])/g, '$1');
  const emphasis = unescaped.replace(/(?<!\\)\((.*?)(?::[\d.]+)?(?<!\\)\)/g, '$1').replace(/\\([()])/g, '$1');
  return emphasis.replace(/(^| )embedding:\S*/g, '');
}

/** InvokeAI: its page's dynamic prompts and embeddings, then compel. `isPlain`: nothing was taken for more than words. */
export function readAsInvokeai(text: string): { readonly words: string; readonly isPlain: boolean } {
  const bare = text.replace(/\\[()]/g, 'x');
  const isPlain = !/[{}]|<[^<>\s]+>|[()]|[^\s+-][+-]+(?=[\s,)]|$)/.test(bare);
  return { words: text.replace(/\\([()"])/g, '$1'), isPlain };
}

/** Fooocus: series, wildcards, networks and embeddings, then sd1_clip.py. */
export function readAsFooocus(text: string): { readonly words: string; readonly isPlain: boolean } {
  const bare = text.replace(/\\[()]/g, 'x');
  const isPlain = !/\[\[|__|<lora:|(?:^| )embedding:|[()]/i.test(bare);
  return { words: text.replace(/\\([()])/g, '$1'), isPlain };
}
