// POSIX access control of the Data Lake: kept and given back as the service does, not enforced (the account key may do everything).
// Pure. Source: learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control
import { StorageError } from './storage-error.ts';

/** `acl` is the list of entries, such as `user::rw-`, in the service's order. */
export interface Access {
  owner: string;
  group: string;
  acl: string[];
}

const entryForm = /^(default:)?(user|group|mask|other):([^:,]*):([r-][w-][x-])$/;

export function defaultAccess(kind: 'file' | 'directory'): Access {
  return {
    owner: '$superuser',
    group: '$superuser',
    acl: kind === 'file' ? ['user::rw-', 'group::r--', 'other::---'] : ['user::rwx', 'group::r-x', 'other::---'],
  };
}

/** The nine letters of a listing, `+` at the end when there is more than the three basic entries. */
export function permissionsOf(access: Access): string {
  const right = (scope: string) => access.acl.find((entry) => entry.startsWith(`${scope}::`))?.slice(scope.length + 2) ?? '---';
  const group = access.acl.some((entry) => entry.startsWith('mask::')) ? right('mask') : right('group');
  return right('user') + group + right('other') + (access.acl.length > 3 ? '+' : '');
}

/** Reads a list such as `user::rwx,group::r-x,other::---`. For a removal the rights are left out. */
export function parseAcl(text: string, removal = false): string[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const entry of entries) {
    if (removal ? !/^(default:)?(user|group|mask|other)(:[^:,]*)?$/.test(entry) : !entryForm.test(entry)) {
      throw new StorageError(
        400,
        'InvalidAcl',
        `The access control entry "${entry}" cannot be read: like user:ID:rwx is needed.`,
      );
    }
  }
  return entries;
}

/** A whole list put in place of another: the three basic entries must be in it. */
export function replacedAcl(text: string): string[] {
  const entries = parseAcl(text);
  for (const scope of ['user', 'group', 'other']) {
    if (!entries.some((entry) => entry.startsWith(`${scope}::`))) {
      throw new StorageError(
        400,
        'InvalidAcl',
        `The access control list lacks the entry ${scope}::, which every list must have.`,
      );
    }
  }
  return entries;
}

/** The list after entries were added to it or changed in it. */
export function modifiedAcl(acl: readonly string[], text: string): string[] {
  const changed = new Map(acl.map((entry) => [scopeOf(entry), entry]));
  for (const entry of parseAcl(text)) changed.set(scopeOf(entry), entry);
  return [...changed.values()];
}

/** The list after entries were taken out of it; the three basic ones stay. */
export function reducedAcl(acl: readonly string[], text: string): string[] {
  const gone = new Set(parseAcl(text, true).map((entry) => (entry.replace('default:', '').includes(':') ? entry : `${entry}:`)));
  return acl.filter((entry) => /^(user|group|other)::/.test(entry) || !gone.has(scopeOf(entry)));
}

/** Permissions in octal (`0750`) or letters (`rwxr-x---`), put into a list in place of its basic entries. */
export function withPermissions(acl: readonly string[], permissions: string): string[] {
  const letters = /^[0-7]{3,4}$/.test(permissions) ? lettersOf(permissions.slice(-3)) : permissions.slice(0, 9);
  if (!/^([r-][w-][xst-]){3}$/i.test(letters)) {
    throw new StorageError(
      400,
      'InvalidPermission',
      `The permissions "${permissions}" cannot be read: like 0750 or rwxr-x--- is needed.`,
    );
  }
  const plain = letters.replace(/[st]/g, 'x').replace(/[ST]/g, '-');
  const basic = [`user::${plain.slice(0, 3)}`, `group::${plain.slice(3, 6)}`, `other::${plain.slice(6, 9)}`];
  return [...basic, ...acl.filter((entry) => !/^(user|group|other)::/.test(entry))];
}

/** The permissions of a new file or directory: those asked for, less the umask. */
export function createdAccess(
  kind: 'file' | 'directory',
  asked: {
    permissions?: string | undefined;
    umask?: string | undefined;
    owner?: string | undefined;
    group?: string | undefined;
    acl?: string | undefined;
  },
): Access {
  const access = defaultAccess(kind);
  if (asked.owner) access.owner = asked.owner;
  if (asked.group) access.group = asked.group;
  if (asked.acl) return { ...access, acl: replacedAcl(asked.acl) };
  if (asked.permissions === undefined && asked.umask === undefined) return access;
  const whole = withPermissions([], asked.permissions ?? (kind === 'file' ? '0666' : '0777'));
  const umask = asked.umask ?? '0027';
  if (!/^[0-7]{3,4}$/.test(umask))
    throw new StorageError(400, 'InvalidUmask', `The umask "${umask}" cannot be read: like 0027 is needed.`);
  const hidden = lettersOf(umask.slice(-3));
  const letters = whole.map((entry) => entry.slice(-3)).join('');
  const kept = [...letters].map((letter, i) => (hidden[i] === '-' ? letter : '-')).join('');
  return { ...access, acl: withPermissions([], kept) };
}

function scopeOf(entry: string): string {
  return entry.slice(0, entry.lastIndexOf(':'));
}

function lettersOf(octal: string): string {
  return [...octal].map((digit) => ['---', '--x', '-w-', '-wx', 'r--', 'r-x', 'rw-', 'rwx'][Number(digit)]).join('');
}
