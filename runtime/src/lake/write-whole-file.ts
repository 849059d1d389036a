/** Writes a file of the lake as a whole: it is seen complete or not at all, and replaces what stood there. Knows no format. */
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';

/** The largest piece that one append carries. */
const pieceBytesMax = 8 * 1024 * 1024;

/** Safe to repeat: the file is written beside its place and renamed into it, in one step. */
export async function writeWholeFile(filesystem: DataLakeFileSystemClient, path: string, content: Uint8Array): Promise<void> {
  const slash = path.lastIndexOf('/');
  const temporaryPath = `${path.slice(0, slash + 1)}_temporary-${path.slice(slash + 1)}`;
  const file = filesystem.getFileClient(temporaryPath);
  await file.create();
  for (let position = 0; position < content.byteLength; position += pieceBytesMax) {
    const piece = content.subarray(position, position + pieceBytesMax);
    await file.append(piece, position, piece.byteLength);
  }
  await file.flush(content.byteLength);
  await file.move(path);
}
