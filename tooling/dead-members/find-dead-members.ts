import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import ts from 'typescript';

/*
 * Public members of classes that nothing outside of tests names: knip looks at exports only. A name that is written anywhere else
 * counts as a use, so what is listed here is dead for certain, and some that is dead is not listed.
 */
const sources: string[] = [];
for await (const file of glob('{contract,main,preload,renderer}/**/*.{ts,svelte}')) sources.push(file);

/** How often each word is written in all sources. */
const written = new Map<string, number>();
/** How often each is the name of a member of a class or an interface, and where. */
const declared = new Map<string, string[]>();
for (const file of sources) {
  const text = readFileSync(file, 'utf8');
  for (const [word] of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) written.set(word, (written.get(word) ?? 0) + 1);
  if (file.endsWith('.ts')) listMembers(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
}

function extendsForeign(node: ts.ClassDeclaration, source: ts.SourceFile): boolean {
  const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression.getText();
  return source.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      !statement.moduleSpecifier.getText().startsWith("'.") &&
      base !== undefined &&
      statement.importClause?.getText().includes(base) === true,
  );
}

function listMembers(source: ts.SourceFile): void {
  const visit = (node: ts.Node): void => {
    // What a class of a package has made of it is called by that package.
    if ((ts.isClassDeclaration(node) && !extendsForeign(node, source)) || ts.isInterfaceDeclaration(node)) {
      for (const { name } of node.members) {
        if (name === undefined || !ts.isIdentifier(name)) continue;
        const { line } = source.getLineAndCharacterOfPosition(name.getStart());
        const place = `${source.fileName}:${line + 1} ${node.name?.text ?? ''}.${name.text}`;
        declared.set(name.text, [...(declared.get(name.text) ?? []), place]);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

const dead = [...declared].filter(([name, places]) => (written.get(name) ?? 0) <= places.length).flatMap(([, places]) => places);
for (const place of dead) console.error(`${place} is used by nothing but tests`);
process.exitCode = dead.length > 0 ? 1 : 0;
