/** The shell scripts of this repository, read by shellcheck. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { test } from 'node:test';

const root = dirname(dirname(import.meta.dirname));

function shellcheck(args: readonly string[], input?: string) {
  return spawnSync('shellcheck', [...args], { cwd: root, encoding: 'utf8', ...(input !== undefined && { input }) });
}

test('shellcheck finds nothing in deploy.sh', () => {
  const { status, stdout } = shellcheck(['infra/deploy.sh']);
  assert.equal(status, 0, stdout);
});

test('caught: an unquoted variable', () => {
  assert.equal(shellcheck(['-'], '#!/bin/sh\nrm -rf $1\n').status, 1);
});
