import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findMissingLicences, isLicence } from './find-licences.ts';

/** What must be said of a package that is part of the program. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  /** Its licence and notice files, one after another. */
  readonly text: string;
}

/**
 * Licences under which others' code may be part of the program: those that ask for no more than their text beside it, and two that ask
 * for the source of that code alone (MPL, and the LGPL of libvips, which is a library of its own).
 */
const allowed = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'OFL-1.1',
  'MPL-2.0',
  'LGPL-3.0-or-later',
]);

/** True for an expression that can be met: every part of an AND, one part of an OR. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  if (plain.includes(' OR ')) return plain.split(' OR ').some(isAllowed);
  return plain.split(' AND ').every((licence) => allowed.has(licence));
}

/** Packages whose package.json says nothing; what their licence file says. */
const unsaid: Readonly<Record<string, string>> = { 'svelte-toolbelt': 'MIT' };

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

/**
 * What a package says of itself.
 *
 * @param root the project's folder
 * @param folder of the package below it, such as `node_modules/sharp`
 * @throws Error for a package whose licence is not among the allowed ones, or whose text lies nowhere
 */
export function readNotice(root: string, folder: string): Notice {
  const inside = join(root, folder);
  const { name, version, license } = manifestSchema.parse(JSON.parse(readFileSync(join(inside, 'package.json'), 'utf8')));
  const licence = license ?? unsaid[name] ?? 'nothing';
  if (!isAllowed(licence)) {
    throw new Error(`${name} is under "${licence}", which is not among the licences of tooling/package/read-notice.ts.`);
  }
  const own = readdirSync(inside, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isLicence(entry.name))
    .map((entry) => join(inside, entry.name))
    .sort();
  const text = [...own, ...findMissingLicences(root, folder)].map((path) => readFileSync(path, 'utf8').trim()).join('\n\n');
  return { name, version, licence, text };
}
