/** What `CHANGELOG.md` says of a version. */
export interface ChangelogEntry {
  /** As in `2026-11-29`. */
  readonly day: string;
  /** Markdown, without the heading. */
  readonly text: string;
}

/**
 * The entry of a version, under a heading such as `## 0.2.0 – 2026-11-29`.
 *
 * @throws Error where the version has no entry, none with a day, or an empty one
 */
export function readChangelog(changelog: string, version: string): ChangelogEntry {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((one) => one.split(/\s/, 1)[0] === version);
  if (section === undefined) throw new Error(`CHANGELOG.md has no entry "## ${version} – <day>": write what people see of it.`);
  const [heading = '', ...lines] = section.split('\n');
  const day = /\d{4}-\d{2}-\d{2}/.exec(heading)?.[0];
  if (day === undefined) throw new Error(`The entry of ${version} in CHANGELOG.md has no day: "## ${version} – 2026-11-29".`);
  const text = lines.join('\n').trim();
  if (text === '') throw new Error(`The entry of ${version} in CHANGELOG.md is empty: write what people see of it.`);
  return { day, text };
}
