/** How the room reaches files: an interface that command, editor and tests fill. Knows no disk. */
import { caselessPath } from './caseless-path.ts';

export interface ListedFile {
  /** Without its folder. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/**
 * The files of one project. Paths are relative to the project's folder, their parts divided by `/`, and may lead out of it by
 * `..`. Each call rejects with an error of one line where a file is there and cannot be read or written.
 */
export interface ProjectFiles {
  /** null: there is no such file. */
  readonly read: (path: string) => Promise<Uint8Array | null>;
  readonly exists: (path: string) => Promise<boolean>;
  /** For files that need not be read; left out where it cannot be told cheaply. */
  readonly sizeBytes?: (path: string) => Promise<number>;
  /** In order of their names; nothing for a folder that is not there. */
  readonly list: (folder: string) => Promise<readonly ListedFile[]>;
  /** Makes the folders that it needs, and replaces what was there as a whole. */
  readonly write: (path: string, content: Uint8Array) => Promise<void>;
}

/** What of the platform's coders is used; the room has no platform types. */
declare class TextDecoder {
  constructor(label: 'utf-8', options: { readonly fatal: boolean; readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

/** Byte order marks are kept: a text that is written back is what was read. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A file as text, its byte order mark included; null: there is no such file. Throws an error of one line for other encodings. */
export async function readText(files: ProjectFiles, path: string): Promise<string | null> {
  const bytes = await files.read(path);
  if (bytes === null) return null;
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Error(`${path} is no UTF-8 text: save it as UTF-8.`);
  }
}

export function writeText(files: ProjectFiles, path: string, text: string): Promise<void> {
  return files.write(path, toBytes(text));
}

export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? encoder.encode(content) : content;
}

/** A query, or the code of a function. */
export interface TextFile {
  readonly path: string;
  /** Without a byte order mark. */
  readonly text: string;
}

/** null: there is no such file. A name that differs in case only is found, as on Windows, where most projects are made. */
export async function readTextFile(files: ProjectFiles, path: string): Promise<TextFile | null> {
  const found = await caselessPath(files, path);
  const text = found === null ? null : await readText(files, found);
  return found === null || text === null ? null : { path: found, text: withoutMark(text) };
}

export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
