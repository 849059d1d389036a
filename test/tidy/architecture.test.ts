/** Holds the import table (architecture.json) against every import of every source file. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';

const root = dirname(dirname(import.meta.dirname));

interface Room {
  readonly packages: readonly string[];
  readonly externals: readonly string[];
  readonly provided?: readonly string[];
  readonly node: boolean;
  readonly pure: boolean;
}
const table = JSON.parse(readFileSync(join(root, 'architecture.json'), 'utf8')) as { rooms: Record<string, Room> };

/** Specifiers of static, dynamic and re-exporting imports. */
function importsOf(text: string): string[] {
  const pattern = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '').filter((specifier) => specifier !== '');
}

function violation(roomName: string, room: Room, file: string, specifier: string): string | null {
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(dirname(join(root, file)), specifier));
    return target.split(sep)[0] === roomName ? null : 'reaches into another room by a relative path';
  }
  if (specifier.startsWith('@asaql/')) {
    const name = specifier.split('/').slice(0, 2).join('/');
    return room.packages.includes(name) ? null : `may not import ${name}`;
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    if (!specifier.startsWith('node:')) return 'Node modules are written with node:';
    return room.node ? null : 'may not use Node';
  }
  const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? '');
  return [...room.externals, ...(room.provided ?? [])].includes(name) ? null : `may not import the package ${name}`;
}

for (const [name, room] of Object.entries(table.rooms)) {
  test(`${name} imports only what the table allows`, () => {
    const files = globSync(`${name}/src/**/*.ts`, { cwd: root });
    assert.ok(files.length > 0, `${name} has no source files`);
    const found = files.flatMap((file) =>
      importsOf(readFileSync(join(root, file), 'utf8'))
        .map((specifier) => ({ specifier, problem: violation(name, room, file, specifier) }))
        .filter((entry) => entry.problem !== null)
        .map((entry) => `${file}: ${entry.specifier}: ${entry.problem}`),
    );
    assert.deepEqual(found, []);
  });

  if (room.pure) {
    test(`${name} reads no clock and no randomness`, () => {
      const banned = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bcrypto\.randomUUID\(/;
      const found = globSync(`${name}/src/**/*.ts`, { cwd: root }).filter((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .some((line) => banned.test(line.replace(/\/\/.*|^\s*\*.*/, ''))),
      );
      assert.deepEqual(found, []);
    });
  }
}

test('every workspace with sources stands in the table', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] };
  assert.deepEqual(Object.keys(table.rooms).sort(), [...manifest.workspaces].sort());
});

test('every declared dependency of a room is allowed by the table and the other way round', () => {
  for (const [name, room] of Object.entries(table.rooms)) {
    const manifest = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    assert.deepEqual(Object.keys(manifest.dependencies ?? {}).sort(), [...room.packages, ...room.externals].sort(), name);
  }
});
