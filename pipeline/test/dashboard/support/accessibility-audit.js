// Runs in the page, not in Node: what a screen reader, a keyboard and weak eyes need of it. The last line is the answer: what
// is wrong, one line each.

/** The name that is heard for a node, by its label or the node that labels it. */
function nameOf(node) {
  return (
    node.getAttribute('aria-label') ?? document.getElementById(node.getAttribute('aria-labelledby') ?? '')?.textContent ?? ''
  );
}

function namesAndIds(problems) {
  const seenIds = new Set();
  for (const { id } of document.querySelectorAll('[id]')) {
    if (seenIds.has(id)) problems.push(`the id ${id} is used twice`);
    seenIds.add(id);
  }
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls']) {
    for (const node of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of node.getAttribute(attribute).split(/\s+/)) {
        if (!document.getElementById(id)) problems.push(`${attribute} names ${id}, which is not there`);
      }
    }
  }
  for (const node of document.querySelectorAll('[role=img], section, [role=region]')) {
    if (nameOf(node).trim() === '') problems.push(`${node.tagName}#${node.id} has no name`);
  }
}

function structure(problems) {
  for (const [selector, name] of [
    ['main', 'main landmark'],
    ['body > header', 'banner'],
    ['h1', 'first heading'],
  ]) {
    const { length } = document.querySelectorAll(selector);
    if (length !== 1) problems.push(`there are ${length} of what must be one ${name}`);
  }
  if (document.title === '') problems.push('the page has no title');
  if (document.documentElement.lang === '') problems.push('the page names no language');
  for (const table of document.querySelectorAll('table')) {
    const caption = table.caption?.textContent ?? '';
    if (caption === '') problems.push('a table has no caption');
    const isHeaded = [...(table.tBodies[0]?.rows ?? [])].every((row) => row.querySelectorAll('th[scope=row]').length === 1);
    if (!isHeaded) problems.push(`a row of "${caption}" has no header`);
  }
}

function keyboard(problems) {
  for (const node of document.querySelectorAll('[tabindex]')) {
    if (node.tabIndex > 0) problems.push(`${node.tagName}#${node.id} changes the order of focus`);
  }
  for (const hidden of document.querySelectorAll('[aria-hidden=true]')) {
    if (hidden.querySelector('a, button, input, summary, [tabindex="0"]')) problems.push('something hidden can be focused');
  }
}

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

/** Any CSS colour as red, green, blue and alpha of 0 … 255. */
function channels(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}

/** Relative luminance (WCAG 2.2). */
function luminance(color) {
  const [red, green, blue] = channels(color).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function backgroundOf(node) {
  for (let at = node; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (channels(backgroundColor)[3] === 255) return backgroundColor;
  }
  return 'white';
}

/** Text wants 4.5 to 1, signs 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11). */
function contrast(problems) {
  for (const node of document.querySelectorAll('body *')) {
    const isText = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim() !== '');
    if (!isText || node.closest('.spoken, vscode-badge, vscode-option') || node.getClientRects().length === 0) continue;
    const levels = [luminance(getComputedStyle(node).color), luminance(backgroundOf(node))];
    const ratio = (Math.max(...levels) + 0.05) / (Math.min(...levels) + 0.05);
    const wanted = node.classList.contains('sign') ? 3 : 4.5;
    if (ratio < wanted) problems.push(`"${node.textContent.trim().slice(0, 30)}" has a contrast of ${ratio.toFixed(2)}`);
  }
}

(() => {
  const problems = [];
  for (const check of [namesAndIds, structure, keyboard, contrast]) check(problems);
  return [...new Set(problems)];
})();
