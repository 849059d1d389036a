#!/usr/bin/env node
// Stands for `az` and `terraform` in tests of the deployment scripts: the state of a subscription in a file, the calls in another.
// It refuses what Azure would: to change a running job, to start one that runs, to publish a package that holds no app.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';

const folder = process.env.FAKE_AZURE;
const program = basename(process.argv[1]);
const args = process.argv.slice(2);
const stateFile = join(folder, 'state.json');
const state = JSON.parse(readFileSync(stateFile, 'utf8'));
const variables = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('TF_VAR_')));
appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify({ program, args, variables })}\n`);

function refuse(text) {
  process.stderr.write(`ERROR: ${text}\n`);
  process.exit(1);
}
const keep = () => writeFileSync(stateFile, JSON.stringify(state));
const option = (name) => args[args.indexOf(name) + 1];

function deploy() {
  if (state.jobState === 'Running') refuse('Conflict: the job is running.');
  if (state.failDeployments > 0) {
    state.failDeployments -= 1;
    keep();
    refuse('QuotaExceeded');
  }
  state.jobState ??= 'Created';
  state.deployed = true;
  keep();
}

function job() {
  if (state.jobState === undefined) refuse('ResourceNotFound');
  if (option('--method') === 'get')
    return { jobState: state.jobState, lastOutputEventTime: state.lastOutputEventTime }[option('--query').split('.')[1]] ?? '';
  const action = /\/(start|stop)\?/.exec(option('--url'))[1];
  if (action === 'stop') {
    if (state.jobState !== 'Running') refuse('Conflict: the job does not run.');
    state.jobState = 'Stopped';
  } else {
    if (state.jobState === 'Running') refuse('Conflict: the job runs.');
    if (state.failStarts > 0) {
      state.failStarts -= 1;
      keep();
      refuse('AuthorizationFailed: the identity may not read the hub.');
    }
    const { outputStartMode } = JSON.parse(option('--body'));
    if (outputStartMode === 'LastOutputEventTime' && state.lastOutputEventTime === undefined) refuse('The job never wrote.');
    state.startedWith = outputStartMode;
    state.jobState = 'Running';
  }
  keep();
  return '';
}

function az() {
  const command = args.filter((word) => !word.startsWith('-')).join(' ');
  if (command.startsWith('account show')) return state.signedOut ? refuse('Please run az login') : state.subscription;
  if (command.startsWith('ad signed-in-user show')) return 'operator-of-tests';
  if (command.startsWith('deployment sub what-if')) return 'Resource changes: 98 to create.';
  if (command.startsWith('deployment sub create')) {
    JSON.parse(readFileSync(option('--template-file'), 'utf8'));
    JSON.parse(readFileSync(option('--parameters').slice(1), 'utf8'));
    return deploy();
  }
  if (command.startsWith('deployment sub show')) return state.deployed ? 'func-of-tests' : refuse('DeploymentNotFound');
  if (command.startsWith('functionapp deployment source config-zip')) {
    const archive = existsSync(option('--src')) ? readFileSync(option('--src'), 'latin1') : '';
    for (const name of ['host.json', 'package.json', 'dist/main.cjs'])
      if (!archive.includes(name)) refuse(`The package holds no ${name}.`);
    return '';
  }
  return args[0] === 'rest' ? job() : refuse(`'${command}' is misspelled or not recognized.`);
}

function terraform() {
  const [verb] = args.filter((word) => !word.startsWith('-'));
  if (verb === 'apply') return deploy();
  if (verb === 'output') return state.deployed ? 'func-of-tests' : refuse('No outputs');
  return ['init', 'workspace', 'plan'].includes(verb) ? '' : refuse(`Terraform has no command named "${verb}".`);
}

const answer = program === 'az' ? az() : terraform();
if (answer !== undefined && answer !== '') process.stdout.write(`${answer}\n`);
