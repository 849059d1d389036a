/** What the editor calls inside its extension host: runs the suite with mocha, and says how it went in a file. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';

interface Runner {
  on(event: 'pass' | 'fail', heard: (test: { fullTitle(): string }, error?: Error) => void): void;
}
type Mocha = new (options: object) => { addFile(file: string): void; run(done: (failures: number) => void): Runner };

export function run(): Promise<void> {
  const { ASAQL_MOCHA: folder = '', ASAQL_SUITE: file = '', ASAQL_RESULT: result = '' } = process.env;
  const MochaRunner = createRequire(__filename)(folder) as Mocha;
  const mocha = new MochaRunner({ ui: 'tdd', timeout: 60_000 });
  mocha.addFile(file);
  const told: { name: string; error: string | null }[] = [];
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      writeFileSync(result, JSON.stringify(told));
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed.`));
    });
    runner.on('pass', (test) => told.push({ name: test.fullTitle(), error: null }));
    runner.on('fail', (test, error) => told.push({ name: test.fullTitle(), error: error?.stack ?? 'failed' }));
  });
}
