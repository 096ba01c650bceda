import type { Page } from 'playwright-core';

/** What the page says now: text between tags, also in shadow roots, and what is read aloud or shown on hover. The artist's own words and names are not among it. */
export function listPageTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const own = '.token, [translate="no"], [lang="en"], code, svg, script, style';
    const visit = (node: Node): void => {
      if (node instanceof Text) found.add(node.textContent.replace(/\s+/g, ' ').trim());
      if (node instanceof Element) {
        if (node.matches(own)) return;
        for (const name of ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'])
          found.add((node.getAttribute(name) ?? '').trim());
        if (node.shadowRoot !== null) node.shadowRoot.childNodes.forEach(visit);
      }
      node.childNodes.forEach(visit);
    };
    visit(document.body);
    found.delete('');
    return [document.title, ...found];
  });
}

/**
 * Texts and controls that do not fit where they stand: wider than what they lie in, beyond the window, or a hint of a field longer than
 * the field. What is cut on purpose (titles, paths and texts, by an ellipsis or a count of lines) is not among them.
 */
export function listCutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const pen = document.createElement('canvas').getContext('2d');
    const isShortened = (element: Element): boolean => {
      const { textOverflow, webkitLineClamp } = getComputedStyle(element);
      return textOverflow === 'ellipsis' || webkitLineClamp !== 'none';
    };
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      let { parentElement } = element;
      // What lays out its children as if it were not there holds nothing.
      while (parentElement !== null && getComputedStyle(parentElement).display === 'contents')
        ({ parentElement } = parentElement);
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const isOnScreen = box.width > 1 && box.height > 1 && style.visibility === 'visible';
      if (!isOnScreen || parentElement === null || element.closest('svg, .unseen, [data-testid="words"]') !== null) continue;
      if (element instanceof HTMLInputElement && element.placeholder !== '' && element.value === '' && pen !== null) {
        pen.font = style.font;
        const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        if (pen.measureText(element.placeholder).width > room + 1) found.push(`placeholder: ${element.placeholder}`);
      }
      const isControl = element.matches(
        'button, input, select, label, kbd, p, h1, h2, h3, th, td, dt, dd, span, summary, legend',
      );
      const inFlow = style.position === 'static' || style.position === 'relative';
      if (!isControl || !inFlow || isShortened(element) || isShortened(parentElement)) continue;
      const around = parentElement.getBoundingClientRect();
      const said = element.innerText.trim() || (element.getAttribute('aria-label') ?? '');
      // Figures on a scale stand over its ends on purpose, and so do controls with a negative margin.
      if (!/\p{L}/u.test(said)) continue;
      const right = box.right + Math.min(0, parseFloat(style.marginRight));
      const left = box.left - Math.min(0, parseFloat(style.marginLeft));
      if (right > around.right + 1 || left < around.left - 1)
        found.push(`wider than where it stands: ${element.tagName} ${said.slice(0, 60)}`);
      const holdsWide = style.overflowX === 'visible' && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      const children = [...element.querySelectorAll('*')];
      if (holdsWide && !children.some(isShortened)) found.push(`wider than itself: ${element.tagName} ${said.slice(0, 60)}`);
    }
    return found;
  });
}
