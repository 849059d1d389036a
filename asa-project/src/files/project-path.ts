/** Paths as projects write them. Knows no disk. */

/** Of a path that a project's file names, with `/` or `\`, relative to `folder`: relative to the project's folder. */
export function joined(folder: string, named: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of named.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** A path that means something on one machine only. */
export function isAbsolute(named: string): boolean {
  return /^([a-z]:[\\/]|[\\/])/i.test(named);
}

export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at === -1 ? '' : path.slice(0, at);
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** How a file in `folder` names another one. */
export function relativePath(folder: string, path: string): string {
  const from = folder === '' ? [] : folder.split('/');
  const to = path.split('/');
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same += 1;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}
