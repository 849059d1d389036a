/** What both deployment scripts must do, tried against a stand-in for `az` and `terraform`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const subscription = '00000000-0000-0000-0000-000000000000';

interface State {
  readonly jobState?: string;
  readonly lastOutputEventTime?: string;
  readonly failStarts?: number;
  readonly failDeployments?: number;
  readonly signedOut?: boolean;
  readonly startedWith?: string;
}

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

class Subscription {
  readonly folder: string;
  readonly #script: readonly [string, ...string[]];

  constructor(t: TestContext, script: readonly [string, ...string[]], state: State) {
    this.#script = script;
    this.folder = mkdtempSync(join(tmpdir(), 'asaql-deploy-'));
    t.after(() => rmSync(this.folder, { recursive: true }));
    mkdirSync(join(this.folder, 'bin'));
    for (const program of ['az', 'terraform'])
      copyFileSync(join(import.meta.dirname, 'fake-azure.mjs'), join(this.folder, 'bin', program));
    writeFileSync(join(this.folder, 'state.json'), JSON.stringify({ subscription, ...state }));
  }

  run(args: readonly string[], path?: string): { readonly status: number | null; readonly output: string } {
    const [program, ...before] = this.#script;
    const usual = [join(this.folder, 'bin'), dirname(process.execPath), process.env.PATH].join(':');
    const result = spawnSync(program, [...before, ...args], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path ?? usual, FAKE_AZURE: this.folder, ASAQL_RETRY_SECONDS: '0', ASAQL_POLL_SECONDS: '0' },
    });
    return { status: result.status, output: `${result.stdout}${result.stderr}` };
  }

  get state(): State {
    return JSON.parse(readFileSync(join(this.folder, 'state.json'), 'utf8')) as State;
  }

  get calls(): readonly Call[] {
    const file = join(this.folder, 'calls.jsonl');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Call);
  }

  /** What was changed, in order, in a word each. */
  get changes(): readonly string[] {
    return this.calls.flatMap(({ program, args }) => {
      if (program === 'terraform') return args.includes('apply') ? ['apply'] : [];
      if (args.includes('create')) return ['create'];
      if (args.includes('config-zip')) return ['publish'];
      const action = /\/(start|stop)\?/.exec(args.join(' '))?.[1];
      return action === undefined ? [] : [action];
    });
  }
}

/** Declares the tests for a script; `script` is the program and what stands before the script's own arguments. */
export function deploymentTests(script: readonly [string, ...string[]]): void {
  const given = (t: TestContext, state: State = {}) => new Subscription(t, script, state);

  test('a first deployment deploys, publishes the functions, and starts the job from now', (t) => {
    const azure = given(t);
    const { status, output } = azure.run(['bicep', 'dev']);
    assert.equal(status, 0, output);
    assert.deepEqual(azure.changes, ['create', 'publish', 'start']);
    assert.equal(azure.state.startedWith, 'JobStartTime');
    assert.match(output, /Done\. Next:/);
    const create = azure.calls.find(({ args }) => args.includes('create'));
    assert.ok(create?.args.includes('operatorPrincipalId=operator-of-tests'));
    assert.ok(create?.args.includes('westeurope'));
  });

  test('a second one stops the job first, and starts it where its output ended', (t) => {
    const azure = given(t, { jobState: 'Running', lastOutputEventTime: '2026-01-01T00:00:00Z' });
    const { status, output } = azure.run(['bicep', 'prod']);
    assert.equal(status, 0, output);
    assert.deepEqual(azure.changes, ['stop', 'create', 'publish', 'start']);
    assert.equal(azure.state.startedWith, 'LastOutputEventTime');
  });

  test('a job that may not read yet is started again', (t) => {
    const azure = given(t, { failStarts: 2 });
    const { status, output } = azure.run(['bicep', 'dev']);
    assert.equal(status, 0, output);
    assert.deepEqual(azure.changes, ['create', 'publish', 'start', 'start', 'start']);
  });

  test('a deployment that fails says so and leaves a job that the next one starts', (t) => {
    const azure = given(t, { jobState: 'Running', lastOutputEventTime: '2026-01-01T00:00:00Z', failDeployments: 1 });
    const first = azure.run(['bicep', 'dev']);
    assert.notEqual(first.status, 0);
    assert.match(first.output, /QuotaExceeded/);
    assert.match(first.output, /The job stands still\. Nothing is lost/);
    const second = azure.run(['bicep', 'dev']);
    assert.equal(second.status, 0, second.output);
    assert.deepEqual(azure.changes, ['stop', 'create', 'create', 'publish', 'start']);
    assert.equal(azure.state.startedWith, 'LastOutputEventTime');
  });

  test('Terraform gets its variables and a workspace of its own', (t) => {
    const azure = given(t);
    const { status, output } = azure.run(['terraform', 'staging']);
    assert.equal(status, 0, output);
    assert.deepEqual(azure.changes, ['apply', 'publish', 'start']);
    const calls = azure.calls.filter(({ program }) => program === 'terraform');
    assert.deepEqual(
      calls.map(({ args }) => args.slice(1).join(' ')),
      [
        'init -input=false',
        'workspace select -or-create=true staging',
        'apply -input=false -auto-approve',
        'output -raw function_app',
      ],
    );
    for (const { variables } of calls) {
      assert.deepEqual(variables, {
        TF_VAR_subscription_id: subscription,
        TF_VAR_environment: 'staging',
        TF_VAR_operator_principal_id: 'operator-of-tests',
        TF_VAR_operator_principal_type: 'User',
      });
    }
  });

  for (const tool of ['bicep', 'terraform']) {
    test(`--what-if changes nothing: ${tool}`, (t) => {
      const azure = given(t, { jobState: 'Running' });
      const { status, output } = azure.run([tool, 'dev', '--what-if']);
      assert.equal(status, 0, output);
      assert.deepEqual(azure.changes, []);
      const asked = azure.calls.map(({ args }) => args.join(' '));
      assert.ok(asked.some((call) => /what-if|plan/.test(call)));
    });
  }

  test('who is not signed in is told what to do', (t) => {
    const azure = given(t, { signedOut: true });
    const { status, output } = azure.run(['bicep', 'dev']);
    assert.equal(status, 1);
    assert.match(output, /az login/);
    assert.deepEqual(azure.changes, []);
  });

  test('a missing program is named', (t) => {
    const azure = given(t);
    const bare = join(azure.folder, 'bare');
    mkdirSync(bare);
    // What the scripts themselves run on, and nothing else.
    for (const program of ['bash', 'dirname', 'dotnet']) {
      const found = (process.env.PATH ?? '').split(':').find((folder) => existsSync(join(folder, program)));
      if (found !== undefined) symlinkSync(join(found, program), join(bare, program));
    }
    const { status, output } = azure.run(['bicep', 'dev'], bare);
    assert.equal(status, 1);
    assert.match(output, /az is missing: https/);
  });

  for (const args of [[], ['bicep', 'production'], ['bicep', 'dev', '--force']]) {
    test(`not understood: ${args.join(' ') || 'nothing'}`, (t) => {
      const azure = given(t);
      assert.notEqual(azure.run(args).status, 0);
      assert.deepEqual(azure.calls, []);
    });
  }
}
