/** What is written back is what was read, but for what was changed: in three projects, by each way of changing one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addPart,
  JsonDocument,
  listing,
  type MemoryFiles,
  newInput,
  newOutput,
  openProject,
  outputSinks,
  readText,
  sourceKind,
  streamSources,
  writeText,
} from '../src/index.ts';
import { filesOf, projectFolders } from './support/project-folder.ts';

const textsOf = ({ contents }: MemoryFiles) =>
  new Map([...contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]));

/** What stands in one text and not in the other, between what both begin and end with. */
function difference(before: string, after: string): readonly [string, string] {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
}

for (const [name, folder] of Object.entries(projectFolders)) {
  test(`${name}: opens without an error, and opening changes nothing`, async () => {
    const files = filesOf(folder);
    const before = textsOf(files);
    const { project, problems } = await openProject(files);
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.ok(project.startFile !== null && project.job !== null && project.inputs.length > 0 && project.outputs.length > 0);
    assert.deepEqual(textsOf(files), before);
  });

  test(`${name}: every value set to itself leaves every file as it is, byte for byte`, async () => {
    const files = filesOf(folder);
    const before = textsOf(files);
    let values = 0;
    for (const path of files.contents.keys()) {
      const text = await readText(files, path);
      if (!path.endsWith('.json') || text === null) continue;
      const document = new JsonDocument(path, text);
      // A sample of events, line by line, is no JSON as a whole.
      if (document.root === null || document.isBroken) continue;
      for (const key of document.root.keys) {
        const value = document.value[key];
        if (typeof value === 'object' && value !== null) continue;
        assert.equal(document.withValue([key], value), text, `${path}: ${key}`);
        values += 1;
      }
      await writeText(files, path, document.text);
    }
    assert.ok(values > 0);
    assert.deepEqual(textsOf(files), before);
  });

  test(`${name}: a changed value changes its own bytes only`, async () => {
    const files = filesOf(folder);
    const { project } = await openProject(files);
    const path = project.job?.path ?? '';
    const text = (await readText(files, path)) ?? '';
    const after = new JsonDocument(path, text).withValue(['EventsOutOfOrderMaxDelayInSeconds'], 77);
    assert.deepEqual(difference(text, after), [String((project.job?.policies.outOfOrderMs ?? 0) / 1000), '77']);
  });

  test(`${name}: an added part is listed once, as the file lists the others, and nothing else changes`, async () => {
    const files = filesOf(folder);
    const before = textsOf(files);
    const { project } = await openProject(files);
    const hub = sourceKind(streamSources, 'Event Hub');
    assert.ok(hub);
    const changes = await addPart(files, project, { name: 'extra', kind: 'input', files: [newInput('extra', 'stream', hub)] });
    for (const { path, text } of changes) await writeText(files, path, text);
    const after = textsOf(files);
    const manifest = project.manifestPath ?? '';
    assert.deepEqual(
      [...after.keys()].filter((path) => after.get(path) !== before.get(path)),
      ['Inputs/extra.json', manifest].toSorted((a) => (a === manifest ? -1 : 1)),
    );
    const [gone, added] = difference(before.get(manifest) ?? '', after.get(manifest) ?? '');
    assert.equal(gone, '');
    assert.match(added, /extra\.json/);
    if (before.get(manifest)?.includes('\r\n')) assert.doesNotMatch(added, /[^\r]\n/);
    else assert.doesNotMatch(added, /\r/);
    const reopened = await openProject(files);
    assert.ok(reopened.project.inputs.some((input) => input.name === 'extra'));
    assert.deepEqual(await listing(files, reopened.project, [{ path: 'Inputs/extra.json', subType: 'Input' }]), []);
  });
}

test('a part is not added over another, nor under a name that cannot be one', async () => {
  const files = filesOf(projectFolders['functions and reference data'] ?? '');
  const { project } = await openProject(files);
  const blob = sourceKind(outputSinks, 'Blob Storage');
  assert.ok(blob);
  const add = (name: string) => addPart(files, project, { name, kind: 'output', files: [newOutput(name, blob)] });
  await assert.rejects(add('charges'), /The output 'Charges' is there already/);
  await assert.rejects(add('../x'), /is no name/);
});

test('a broken file is not changed: that would lose something', () => {
  assert.throws(() => new JsonDocument('a.json', '{ "a": 1 "b": 2 }').withValue(['a'], 3), /a\.json is not changed/);
});
