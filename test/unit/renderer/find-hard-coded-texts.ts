import { parse } from 'svelte/compiler';
import ts from 'typescript';

/** Attributes and properties of components that a person reads or hears. */
const spoken = new Set([
  'title',
  'aria-label',
  'aria-valuetext',
  'placeholder',
  'alt',
  'label',
  'name',
  'about',
  'text',
  'summary',
  'unit',
  'whyNot',
]);
/** Properties of objects that end up on the page. */
const spokenProperties = new Set(['message', 'hint', 'label', 'name', 'title', 'alt']);
/** Names and units that are the same in every language. */
const universal = new Set([
  'De-Diffusion Studio',
  'Δ sRGB',
  'sRGB',
  'MB',
  'Midjourney',
  'SDXL',
  'A1111',
  'ComfyUI',
  'CSV',
  'JSONL',
  'A',
  'B',
]);

interface Found {
  readonly line: number;
  readonly text: string;
}

const isWorded = (text: string): boolean => /\p{L}/u.test(text) && !universal.has(text.trim());

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Texts a Svelte file writes itself: between tags and in what is read aloud, also as strings in braces there. */
export function findInSvelte(source: string): Found[] {
  const found: Found[] = [];
  const note = (node: Readonly<Record<string, unknown>>, text: unknown): void => {
    const start = typeof node['start'] === 'number' ? node['start'] : 0;
    if (typeof text === 'string' && isWorded(text))
      found.push({ line: source.slice(0, start).split('\n').length, text: text.trim() });
  };
  /** @param attribute the one around this node, or null between tags */
  const visit = (node: unknown, attribute: string | null): void => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one, attribute);
      return;
    }
    if (!isNode(node)) return;
    const { type } = node;
    // An id of a form's field is called `name`, too: a native input's is no text.
    if (type === 'RegularElement' && Array.isArray(node['attributes'])) {
      for (const one of node['attributes']) if (!isNode(one) || one['name'] !== 'name') visit(one, null);
      visit(node['fragment'], null);
      return;
    }
    if (type === 'Attribute') {
      const name = String(node['name']);
      visit(node['value'], name);
      return;
    }
    if (type === 'Text' && (attribute === null || spoken.has(attribute))) note(node, node['data']);
    else if (attribute !== null && spoken.has(attribute) && type === 'TemplateElement' && isNode(node['value'])) {
      note(node, node['value']['raw']);
    } else if (attribute !== null && spoken.has(attribute) && type === 'ConditionalExpression') {
      visit(node['consequent'], attribute);
      visit(node['alternate'], attribute);
    } else if (attribute !== null && spoken.has(attribute) && type === 'Literal') note(node, node['value']);
    else if (type === 'CallExpression' || type === 'MemberExpression') return;
    else for (const [key, value] of Object.entries(node)) if (key !== 'metadata' && key !== 'loc') visit(value, attribute);
  };
  visit(parse(source, { modern: true }).fragment, null);
  return found;
}

/** Texts a TypeScript file hands to the page itself: notices, errors, and names in objects. */
export function findInTypeScript(source: string): Found[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const note = (node: ts.Node): void => {
    const text = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? node.getText() : '';
    const words = text.replace(/\$\{[^}]*\}/g, '');
    if (/\p{L}{2}/u.test(words) && isWorded(words) && /^[“]?\p{Lu}| /u.test(words))
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && spokenProperties.has(node.name.getText())) note(node.initializer);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'tell') {
      node.arguments.forEach(note);
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'StudioError') node.arguments?.slice(1, 3).forEach(note);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
