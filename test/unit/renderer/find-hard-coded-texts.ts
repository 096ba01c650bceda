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
/** Names and units that are the same in every language. */
const universal = new Set([
  ...[
    'De-Diffusion Studio',
    'Midjourney',
    'SDXL',
    'A1111',
    'ComfyUI',
    'InvokeAI',
    'Fooocus',
    'NovelAI',
    'SwarmUI',
    'Draw Things',
    'CSV',
    'JSONL',
    'A',
    'B',
  ],
  ...['Δ sRGB', 'sRGB', 'GB', 'MB', 'kB', 'min', 's'],
  ...['WebGPU', 'DirectML', 'Core ML', 'Euler', 'Euler ancestral', 'Euler, flow matching'],
  ...['Heun', 'UniPC', 'Karras', 'Exponential', 'Beta'],
]);
/** What the browser calls keys. */
const keyName =
  /^(?:Mod|Control|Shift|Alt|AltGraph|Meta|CapsLock|Dead|Process|Unidentified|Tab|Enter|Escape|Backspace|Delete|Home|End|Page\w+|Arrow\w*)(?:[-+]\S*)*$/;
/** Styles, queries of media and selectors. */
const forBrowser = /var\(--|calc\(|gradient\(|\(prefers-|\[type=/;
/** Properties that the program itself reads, and calls whose texts it looks for or hands to the browser. */
const programProperties = new Set(['id', 'key', 'keys', 'class']);
/** Attributes whose strings are for the browser. */
const programAttributes = new Set(['class', 'd', 'accept', 'autocomplete']);
const programCalls = /^(?:includes|startsWith|setData|matches|closest|querySelector)$/;

interface Found {
  readonly line: number;
  readonly text: string;
}

const isWorded = (text: string): boolean => /\p{L}/u.test(text) && !universal.has(text.replaceAll('#', '').trim());

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
    if (type === 'ExpressionTag' && !(attribute !== null && programAttributes.has(attribute))) {
      const [start, end] = [Number(node['start']), Number(node['end'])];
      const before = source.slice(0, start).split('\n').length - 1;
      // In brackets, so that an object is one.
      const inner = findInTypeScript(`(${source.slice(start + 1, end - 1)})`);
      found.push(...inner.map(({ line, text }) => ({ line: line + before, text })));
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
  const root = parse(source, { modern: true });
  visit(root.fragment, null);
  const script = /<script[^>]*>/.exec(source);
  if (script !== null) {
    const start = script.index + script[0].length;
    const before = source.slice(0, start).split('\n').length - 1;
    const code = source.slice(start, source.indexOf('</script>'));
    found.push(...findInTypeScript(code).map(({ line, text }) => ({ line: line + before, text })));
  }
  return [...new Map(found.map((one) => [`${one.line} ${one.text}`, one])).values()];
}

/** True where a string is a name that the program itself reads: of a module, a type or a property, or what something is compared with. */
function isForProgram(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return /^(?:[!=]==|in)$/.test(parent.operatorToken.getText());
  // What only a programmer meets: a failure that is not a `StudioError` is told as `internal`.
  if (ts.isNewExpression(parent)) return /^(?:Range|Type)?Error$/.test(parent.expression.getText());
  if (ts.isCallExpression(parent))
    return ts.isPropertyAccessExpression(parent.expression) && programCalls.test(parent.expression.name.text);
  if (ts.isPropertyAssignment(parent)) return parent.name === node || programProperties.has(parent.name.getText());
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isCaseClause(parent) ||
    ts.isElementAccessExpression(parent)
  );
}

/** Texts a TypeScript file writes itself: every string that reads like a word or a sentence. */
export function findInTypeScript(source: string): Found[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const text = ts.isStringLiteralLike(node) ? node.text : node.getText().slice(1, -1);
      const words = text.replace(/\$\{[^}]*\}/g, '#');
      const reads = /^\p{Lu}\p{Ll}/u.test(words) || /\p{L}{2}[,.:]? \p{L}|# \p{L}{2}|\p{L}{2} #/u.test(words);
      if (reads && isWorded(words) && !keyName.test(words) && !forBrowser.test(words) && !isForProgram(node))
        found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
