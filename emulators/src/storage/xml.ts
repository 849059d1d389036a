// The little XML that the Blob service speaks: elements written, and flat documents read. Pure.
import { StorageError } from './storage-error.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 cannot hold.
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

export function xmlDocument(...content: string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>${content.join('')}`;
}

/** One element; with `escaped` its content is text, otherwise elements. */
export function element(name: string, content: string, escaped = false): string {
  return `<${name}>${escaped ? escapeXml(content) : content}</${name}>`;
}

/** One element of text, or nothing where there is no text. */
export function optional(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? '' : element(name, String(text), true);
}

/** A name in a listing; one that XML cannot hold is percent-encoded and says so. */
export function nameElement(name: string): string {
  return unspeakable.test(name) ? `<Name Encoded="true">${encodeURIComponent(name)}</Name>` : element('Name', name, true);
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);
}

/** The children of a document's root that hold only text, in order: what a block list or a policy is made of. */
export function readLeaves(text: string, root: string): { name: string; text: string }[] {
  const document = new RegExp(`^\\s*(?:<\\?xml[^>]*\\?>)?\\s*<${root}\\b[^>]*?(?:/>|>([\\s\\S]*)</${root}>)\\s*$`).exec(
    text.replace(/^\ufeff/, ''),
  );
  if (!document) throw new StorageError(400, 'InvalidXmlDocument', `The body is not an XML document with the root ${root}.`);
  return [...(document[1] ?? '').matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name = '', content = '']) => ({
    name,
    text: content.replace(
      /&(lt|gt|amp|quot|apos);/g,
      (_, entity: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[entity] ?? '',
    ),
  }));
}
