/** Writes docs/testing.md with what its commands print now. A test compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executedPage } from './executed-page.ts';

const path = join(dirname(import.meta.dirname), 'docs', 'testing.md');
writeFileSync(path, executedPage(readFileSync(path, 'utf8')));
