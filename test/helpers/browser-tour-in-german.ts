import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { makePictureFolder } from './make-picture-folder.ts';

/** Call at a screen; `where` tells one from the next. */
type Visit = (where: string) => Promise<void>;

/** Everything a person meets in the Studio: pictures, words and their tools, settings of a drawing, panels of the status line. */
async function visitStudio(page: Page, visit: Visit): Promise<void> {
  const tokens = page.getByTestId('words').locator('.token');
  await page.locator('.sample').nth(2).waitFor();
  await visit('welcome');
  await page.locator('.sample').first().click();
  await page.getByRole('region', { name: 'Ergebnisse' }).locator('[data-item]').first().waitFor();
  await page.getByText('Warteschlange leer').waitFor();
  await visit('drawn');
  await tokens.nth(1).click();
  await page.getByRole('listbox').waitFor();
  await visit('alternatives');
  await page.keyboard.press('Escape');
  const tools = page.getByRole('group', { name: 'Werkzeuge der Wörter' });
  for (const [tool, where] of [
    [/^Wert jedes Wortes/, 'values'],
    [/^Um gesperrte Wörter/, 'solve'],
    [/^Was das Modell gehört/, 'hear'],
    [/^Zwei Fassungen/, 'versions'],
  ] as const) {
    await tools.getByRole('button', { name: tool }).click();
    await page.getByRole('dialog').waitFor();
    await visit(`tool-${where}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  for (const [button, where] of [
    [/Prompt kopieren/, 'export'],
    [/Einstellungen zum Zeichnen/, 'draw'],
    [/Daten des gezeigten/, 'facts'],
    [/\d+ Token( · |$)/, 'tokens'],
    [/Drift/, 'drift'],
    [/Warteschlange leer/, 'queue'],
    [/CPU|Gerät/, 'device'],
    [/Nichts verlässt/, 'privacy'],
    [/Szenen zum Ausprobieren/, 'samples'],
  ] as const) {
    await page.getByRole('button', { name: button }).first().click();
    await page.getByRole('dialog').waitFor();
    await visit(`panel-${where}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.getByRole('heading').first().click();
  for (const mode of ['slider', 'difference', 'alone']) {
    await page.keyboard.press('c');
    await visit(`compare-${mode}`);
  }
  await page.keyboard.press('y');
  await visit('history');
  await page.keyboard.press('y');
}

/** A section of a long page once it has been scrolled to. */
function untilInSight(section: Locator): Promise<void> {
  return section.evaluate(
    (element) =>
      new Promise((resolve) => {
        const observer = new IntersectionObserver((entries) => {
          if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(element);
      }),
  );
}

async function visitFrame(page: Page, visit: Visit): Promise<void> {
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await visit('help');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByRole('group', { name: 'Letzte Arbeiten' }).waitFor();
  await visit('palette');
  await page.keyboard.type('rückgängig');
  await page.getByRole('option', { name: /Rückgängig/ }).waitFor();
  await visit('palette-typed');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await goTo(page, 'Modelle');
  await page.getByRole('button', { name: 'Jede Datei prüfen' }).click();
  await page.getByText(/Jede Datei ist, wie sie gemacht wurde/).waitFor();
  await visit('packs');
  await goTo(page, 'Einstellungen');
  await page.getByRole('radio', { name: /Automatisch wählen/ }).waitFor();
  await visit('settings');
  for (const section of ['Gerät', 'Speicher', 'Tastenkürzel', 'Datenschutz']) {
    await page.getByRole('navigation').getByRole('button', { name: section }).click();
    await untilInSight(page.getByRole('region', { name: section, exact: true }));
    await visit(`settings-${section}`);
  }
}

async function visitBatch(page: Page, visit: Visit): Promise<void> {
  const folder = await makePictureFolder(3);
  await goTo(page, 'Stapel');
  await page.getByRole('button', { name: 'Ordner wählen' }).waitFor();
  await page.getByRole('checkbox', { name: 'Jeden Text zeichnen und vergleichen' }).check();
  await visit('batch-empty');
  await page.getByRole('checkbox', { name: 'Jeden Text zeichnen und vergleichen' }).uncheck();
  await page.getByLabel('Ordner für einen Stapel').setInputFiles(folder);
  const rows = page.getByRole('grid').getByRole('row');
  await rows.filter({ hasText: 'Fertig' }).nth(2).waitFor();
  await rows.filter({ hasText: 'Fehler' }).first().waitFor();
  await visit('batch');
  await rows.nth(1).click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('2 gewählt').waitFor();
  await visit('batch-chosen');
  await page.getByRole('button', { name: 'Nichts wählen' }).click();
  await page.getByRole('button', { name: 'Tabelle sichern …' }).click();
  await page.getByRole('dialog').waitFor();
  await visit('batch-save');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await rm(join(folder, '..'), { recursive: true, force: true });
}

async function visitLibrary(page: Page, visit: Visit): Promise<void> {
  await goTo(page, 'Bibliothek');
  const items = page.getByRole('listbox', { name: 'Einträge der Bibliothek' }).getByRole('option');
  await items.first().waitFor();
  await visit('library-stacks');
  await items.first().click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await visit('library-stack-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Bündel', exact: true }).click();
  await items.nth(2).waitFor();
  await visit('library');
  await page.getByRole('button', { name: 'Neue Tafel' }).click();
  await page.getByRole('textbox', { name: 'Name der neuen Tafel' }).fill('Skizzen');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Skizzen/ }).waitFor();
  await items.first().click();
  await page.getByRole('textbox', { name: 'Titel' }).waitFor();
  await visit('library-item');
  await items.first().click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await visit('library-menu');
  await page.keyboard.press('Escape');
  await items.nth(1).click({ modifiers: ['Control'] });
  await page.getByText('2 Einträge gewählt').waitFor();
  await visit('library-chosen');
  await page
    .getByRole('toolbar')
    .getByRole('button', { name: /Vergleichen/ })
    .click();
  await page.getByRole('table').waitFor();
  await visit('library-compare');
  await page.getByRole('button', { name: /^Zurück/ }).click();
  await items.first().click();
  await page.getByRole('button', { name: 'Herkunft' }).click();
  await page.getByRole('heading', { name: 'Herkunft' }).waitFor();
  await visit('library-lineage');
  await page.getByRole('button', { name: /^Zurück/ }).click();
  await items.first().click();
  await page.keyboard.press('s');
  await page.getByText(/hat jetzt einen Stern/).waitFor();
  await visit('library-told');
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: /^Papierkorb/ }).click();
  await items.first().waitFor();
  await items.first().click();
  await visit('library-trash');
  await page.getByRole('button', { name: 'Papierkorb leeren …' }).click();
  await page.getByRole('alertdialog').waitFor();
  await visit('library-delete');
  await page.getByRole('button', { name: 'Behalten' }).click();
  await page.getByRole('button', { name: /^Skizzen/ }).click();
  await page.getByRole('heading', { name: 'Eine leere Tafel' }).waitFor();
  await visit('library-empty');
}

async function goTo(page: Page, place: string): Promise<void> {
  await page.locator('nav.rail').getByRole('button', { name: place, exact: true }).click();
}

/** Every main screen of a page that speaks German, each with the library that the ones before it made. */
export async function tourInGerman(page: Page, visit: Visit): Promise<void> {
  await visitStudio(page, visit);
  await visitFrame(page, visit);
  await visitBatch(page, visit);
  await visitLibrary(page, visit);
}
