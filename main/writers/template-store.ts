import { StudioError } from '../../contract/errors.ts';
import { templateListRecord } from '../../contract/outside/writer.ts';
import type { WriterTemplate } from '../../contract/outside/writer.ts';
import { ownTemplates } from './own-templates.ts';
import { StoredList } from './stored-list.ts';
import type { StoredListOptions } from './stored-list.ts';

/** What language models are asked with: the studio's own templates, and every version of those a person wrote. */
export class TemplateStore {
  readonly #stored: StoredList<{ templates: WriterTemplate[] }>;

  private constructor(stored: StoredList<{ templates: WriterTemplate[] }>) {
    this.#stored = stored;
  }

  static async open(options: StoredListOptions): Promise<TemplateStore> {
    return new TemplateStore(await StoredList.open(options, templateListRecord, { templates: [] }));
  }

  /** By name, every version of each, the newest first. */
  list(): WriterTemplate[] {
    const all = [...ownTemplates, ...this.#stored.value.templates];
    return all.sort((a, b) => a.id.localeCompare(b.id) || b.version - a.version);
  }

  /**
   * The newest version of a template, or the one named by `id@version`.
   * @throws StudioError `not-found`
   */
  find(name: string): WriterTemplate {
    const [id = '', version] = name.split('@');
    const found = this.list().find((one) => one.id === id && (version === undefined || one.version === Number(version)));
    if (found !== undefined) return found;
    throw new StudioError('not-found', `There is no template ${name}.`, 'Choose another; the list has all of them.', {
      template: name,
    });
  }

  /** Throws StudioError as StoredList.change does. */
  async save(template: Omit<WriterTemplate, 'version'>): Promise<WriterTemplate> {
    const version =
      Math.max(
        0,
        ...this.list()
          .filter(({ id }) => id === template.id)
          .map((one) => one.version),
      ) + 1;
    const saved = { ...template, version };
    await this.#stored.change(({ templates }) => ({ templates: [...templates, saved] }));
    return saved;
  }

  /** Forgets what a person wrote under that id. */
  async remove(id: string): Promise<void> {
    await this.#stored.change(({ templates }) => ({ templates: templates.filter((one) => one.id !== id) }));
  }
}
