/**
 * NAME.asaproj, the MSBuild project of the tools for Visual Studio: read, and added to by the text alone. Knows no other file.
 */
import { lineIndex } from '@asaql/parser';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { withoutMark } from '../files/project-files.ts';
import { fileName, joined } from '../files/project-path.ts';
import type { ProjectProblem } from '../project-problem.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';

/** The kinds of a Script and of a function's code, which the file names by element and not by SubType. */
const elements = { Script: 'Script', ScriptCode: 'JSFunctionCode', Configure: '' } as const;

interface Item {
  readonly element: keyof typeof elements;
  readonly include: string;
  readonly subType: string;
}

export function readVisualStudioProject(path: string, text: string, problems: ProjectProblem[]): Manifest {
  const body = withoutMark(text);
  const items = itemsOf(path, body, problems);
  const tellMissing = (include: string) => () => problems.push(missing(path, body, include));
  const scripts = items.filter(({ element }) => element === 'Script');
  const startFile = propertyOf(body, 'StartFile') ?? scripts[0]?.include ?? null;
  return {
    path,
    layout: 'visual-studio',
    name: propertyOf(body, 'Name') ?? fileName(path).replace(/\.asaproj$/i, ''),
    startFile: startFile === null ? null : { path: joined('', startFile), tellMissing: tellMissing(startFile) },
    entries: items.flatMap(({ element, include, subType }): readonly ManifestEntry[] =>
      element === 'Configure' ? [{ path: joined('', include), subType, tellMissing: tellMissing(include) }] : [],
    ),
  };
}

function itemsOf(path: string, body: string, problems: ProjectProblem[]): readonly Item[] {
  const checked = XMLValidator.validate(body);
  if (checked !== true) {
    const { line, col, msg } = checked.err;
    problems.push({
      ...{ code: 'PRJ0001', severity: 'error', path, key: null, message: `The file is broken XML here: ${msg}` },
      ...{ startLine: line, startColumn: col, endLine: line, endColumn: col },
    });
    return [];
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => name in elements || isGroup(name),
  });
  const { Project } = parser.parse(body) as { readonly Project?: { readonly ItemGroup?: readonly unknown[] } };
  return (Project?.ItemGroup ?? []).flatMap((group) =>
    (Object.keys(elements) as (keyof typeof elements)[]).flatMap((element) => {
      const found = (group as Readonly<Record<string, unknown>>)[element];
      return (Array.isArray(found) ? found : []).flatMap((item) => itemFrom(element, item));
    }),
  );
}

function isGroup(name: string): boolean {
  return name === 'ItemGroup' || name === 'PropertyGroup';
}

function itemFrom(element: Item['element'], item: unknown): readonly Item[] {
  const { '@Include': include, SubType } = item as { readonly '@Include'?: string; readonly SubType?: unknown };
  if (typeof include !== 'string' || include === '') return [];
  return [{ element, include, subType: typeof SubType === 'string' ? SubType : elements[element] }];
}

/** The first of that name outside of any condition; text of our own files is simple enough to be looked up in the text. */
function propertyOf(body: string, name: string): string | null {
  return new RegExp(`<${name}>\\s*([^<]+?)\\s*</${name}>`).exec(body)?.[1] ?? null;
}

function missing(path: string, body: string, include: string): ProjectProblem {
  const at = Math.max(0, body.indexOf(include));
  const { positionOf } = lineIndex(body);
  const [start, end] = [positionOf(at), positionOf(at + include.length)];
  return {
    ...{ code: 'PRJ0002', severity: 'error', path, key: 'Include', message: `${joined('', include)} does not exist.` },
    ...{ startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
  };
}

/** The file's text with one more file listed, as the others of it are written. Everything else is kept. */
export function withConfigure(text: string, path: string, subType: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const include = escaped(path.replaceAll('/', '\\'));
  const item = (indent: string) =>
    `${indent}<Configure Include="${include}">${eol}${indent}  <SubType>${subType}</SubType>${eol}${indent}</Configure>${eol}`;
  const last = [...text.matchAll(/^([ \t]*)<\/Configure>[ \t]*\r?\n/gm)].at(-1);
  if (last !== undefined) {
    const end = last.index + last[0].length;
    return `${text.slice(0, end)}${item(last[1] ?? '    ')}${text.slice(end)}`;
  }
  const end = text.lastIndexOf('</Project>');
  const at = end === -1 ? text.length : end;
  return `${text.slice(0, at)}  <ItemGroup>${eol}${item('    ')}  </ItemGroup>${eol}${text.slice(at)}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
