// The source of a copy: a blob of this very account, which the one who copies may read.
import { closeSync, copyFileSync } from 'node:fs';
import { assertWritable, conditionsFrom } from '../conditions.ts';
import { isCode } from '../disk/folder.ts';
import { copyInto } from '../disk/journal.ts';
import type { Entry } from '../disk/store.ts';
import type { Operation } from '../operation.ts';
import { fault, invalidHeader, StorageError } from '../storage-error.ts';

/** Copies the source (or the part x-ms-source-range names) into a staged file. */
export function readSource(operation: Operation): { source: Entry; file: string; size: number } {
  const { request, store } = operation;
  const text = request.header('x-ms-copy-source') ?? '';
  if (!URL.canParse(text)) throw invalidHeader('x-ms-copy-source', text, 'a URL is needed');
  const target = operation.authorizeSource(new URL(text));
  const source = findSource(operation, target);
  assertWritable(conditionsFrom(request.header, 'x-ms-source-'), source, 'source');
  const from = store.folder.locate(source.container, source.path);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.header('x-ms-source-range') ?? '');
  const { file, fd } = store.stage();
  try {
    if (!range) {
      copyFileSync(from, store.staged(file));
      return { source, file, size: source.size };
    }
    const start = Number(range[1]);
    const end = range[2] ? Number(range[2]) : source.size - 1;
    if (start >= source.size) throw fault('invalidRange');
    return { source, file, size: copyInto(fd, 0, from, start, end - start + 1) };
  } catch (error) {
    store.dropStaged(file);
    throw isCode(error, 'ENOSPC', 'EDQUOT') ? fault('diskFull') : error;
  } finally {
    closeSync(fd);
  }
}

function findSource(operation: Operation, target: { container?: string | undefined; path?: string | undefined }): Entry {
  const source = operation.store.find(target.container ?? '', target.path ?? '');
  if (!source) throw new StorageError(404, 'CannotVerifyCopySource', 'The specified blob does not exist.');
  if (source.kind === 'directory') throw fault('kindMismatch');
  return source;
}
