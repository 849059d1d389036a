// Makes and changes elements without ever parsing markup: text stays text, whatever a document holds.

type Child = Node | string;

/** An element with attributes and children; an attribute of `null` is left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | null>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Changes the text only if it differs, so that nothing is laid out or spoken again for nothing. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string | null): void {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Text for the ear only. */
export function spoken(text = ''): HTMLSpanElement {
  return element('span', { class: 'spoken' }, text);
}

/** Text for the eye only. */
export function seen(text: string, className: string): HTMLSpanElement {
  return element('span', { class: className, 'aria-hidden': 'true' }, text);
}
