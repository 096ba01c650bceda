import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the word is a name: of a command, an option, a folder, a file or a value of a query. */
const names = /`[^`]*`|dediffusion packs|--pack\b|models\/packs|pack\.json|@pack\b/g;

const saysPack = (text: string): boolean => /\s/.test(text.trim()) && /\bpacks?\b/i.test(text.replaceAll(names, ''));

function listFiles(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(root, folder, path));
}

/** The texts of a source of TypeScript; what is filled in counts as a word of its own. */
function listTexts(path: string, source: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      texts.push([node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('…'));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return texts;
}

const wrong = (path: string, source: string): string[] => (/pack/i.test(source) ? listTexts(path, source).filter(saysPack) : []);

it('is "model" in every sentence of the core and the command line', () => {
  const files = ['main', 'contract'].flatMap((folder) => listFiles(folder, '.ts'));
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap((path) => wrong(path, readFileSync(path, 'utf8')))).toEqual([]);
});

it('is "model" in every sentence of the page', () => {
  const files = listFiles('renderer/language', '.json');
  expect(files.length).toBeGreaterThan(40);
  const texts = files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.split('": ')[1] ?? ''),
  );
  // A text's own places to fill in have names of the code.
  expect(texts.map((text) => text.replaceAll(/\{[^}]*\}/g, '')).filter(saysPack)).toEqual([]);
});

it.each(["'Choose another pack.'", '`The pack ${id} is damaged.`', "'There are no packs.'"])('finds %s', (planted) => {
  expect(wrong('planted.ts', `const text = ${planted};`)).toHaveLength(1);
});

it.each(["'pack-invalid'", '"See `packs list`."', "'Correct its pack.json.'", "'Choose another with --pack.'", '`${pack.id} x`'])(
  'leaves %s',
  (written) => {
    expect(wrong('written.ts', `const text = ${written};`)).toEqual([]);
  },
);
