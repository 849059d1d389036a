// How names of containers, files and directories become names on a disk, and back. An ordinary name stays as it is; what a file system
// somewhere refuses (Windows' reserved names and characters, a trailing dot) is written as %XX, so no name can leave its folder.
// Must not touch the disk.
import { StorageError } from '../storage-error.ts';

const PATH_CHARS_MAX = 1024;
const SEGMENT_BYTES_MAX = 255;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not reach a disk.
const forbidden = /[<>:"|?*\\\u0000-\u001f\u007f]/g;
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
const escaped = /%[0-9A-F]{2}/g;

/** Container names: 3 to 63 lower-case letters, digits and single hyphens, or one of the service's own ($root, $web, $logs). */
export function isContainerName(name: string): boolean {
  return /^(\$root|\$web|\$logs|(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*)$/.test(name);
}

/** Refuses paths that no service takes: dots as segments, empty segments, NUL, over-long names. */
export function assertPath(path: string): void {
  if (path.length > PATH_CHARS_MAX) {
    throw new StorageError(400, 'InvalidUri', `The path has ${path.length} characters; at most ${PATH_CHARS_MAX} are allowed.`);
  }
  for (const segment of path.split('/')) {
    if (segment === '') throw new StorageError(400, 'InvalidUri', `The path "${path}" has an empty segment.`);
    if (segment === '.' || segment === '..' || segment.includes('\0')) {
      throw new StorageError(400, 'InvalidUri', `The path ${JSON.stringify(path)} has a segment that is not a name.`);
    }
    if (Buffer.byteLength(diskName(segment)) > SEGMENT_BYTES_MAX) {
      throw new StorageError(400, 'InvalidUri', `A segment of the path is longer than ${SEGMENT_BYTES_MAX} bytes.`);
    }
  }
}

/** The name on disk of one segment of a path. */
export function diskName(segment: string): string {
  const name = segment
    .replace(escaped, (found) => `%25${found.slice(1)}`)
    .replace(forbidden, hex)
    .replace(/[. ]$/, hex);
  return reserved.test(name) ? hex(name.charAt(0)) + name.slice(1) : name;
}

/** The segment that a name on disk stands for; undefined for a name that no segment becomes (a stray file of another program). */
export function segmentOf(name: string): string | undefined {
  const segment = name.replace(escaped, (found) => String.fromCharCode(Number.parseInt(found.slice(1), 16)));
  return segment !== '' && diskName(segment) === name ? segment : undefined;
}

function hex(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
