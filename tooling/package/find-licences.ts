import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Texts for packages that come without the licence they are under, by the beginning of their folder. */
const broughtAlong: readonly { readonly packages: string; readonly texts: readonly string[] }[] = [
  // The LGPL adds to the GPL, and both go with the library; its README says which parts it is made of and where their sources are.
  { packages: 'node_modules/@img/sharp-libvips-', texts: ['LGPL-3.0.txt', 'GPL-3.0.txt'] },
  { packages: 'node_modules/onnxruntime-', texts: ['onnxruntime.txt'] },
  { packages: 'node_modules/thumbhash', texts: ['thumbhash.txt'] },
  { packages: 'node_modules/lazy-val', texts: ['lazy-val.txt'] },
  // One repository with its sister packages, which have the text.
  { packages: 'node_modules/@ai-sdk/provider-utils', texts: ['ai-sdk.txt'] },
];

const textsFolder = fileURLToPath(new URL('licences/', import.meta.url));

/** Names under which packages keep what must go with every copy of them. */
export function isLicence(name: string): boolean {
  return /^(licen[cs]e|copying|notice|third-?party)/i.test(name);
}

/** True for a file inside a package that ships whatever else is left behind. */
export function mustShip(path: string): boolean {
  return isLicence(path.split('/').at(-1) ?? '') || /^node_modules\/@img\/sharp-libvips-[^/]+\/README\.md$/.test(path);
}

/**
 * Absolute paths of the licence texts that a package does not have itself.
 *
 * @param root the project's folder
 * @param folder of the package below it, such as `node_modules/sharp`
 * @throws Error for a package whose licence text lies nowhere: it may not ship
 */
export function findMissingLicences(root: string, folder: string): readonly string[] {
  if (existsSync(join(root, folder)) && readdirSync(join(root, folder)).some(isLicence)) return [];
  const texts = broughtAlong.find(({ packages }) => folder.startsWith(packages))?.texts;
  if (texts !== undefined) return texts.map((name) => join(textsFolder, name));
  throw new Error(`${folder} has no licence text: add it to tooling/package/licences before it ships.`);
}
