// The Data Lake requests that the JavaScript SDK sends through Blob instead, as other clients (Java, .NET, Hadoop's ABFS driver) send them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { developmentAccount } from '../../src/storage/start-storage.ts';
import { signedRequest, startForFile } from './storage-under-test.ts';

const storage = await startForFile();
const base64 = (text: string) => Buffer.from(text).toString('base64');

function lake(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  return signedRequest(storage, method, `/${developmentAccount}${path}`, {
    headers: { accept: 'application/json', ...headers },
    body,
  });
}

test('filesystems through the Data Lake door', async () => {
  assert.equal((await lake('PUT', '/rest?resource=filesystem', { 'x-ms-properties': `a=${base64('1')}` })).status, 201);
  const twice = await lake('PUT', '/rest?resource=filesystem');
  assert.deepEqual(
    [twice.status, JSON.parse(twice.body).error.code, twice.headers['x-ms-error-code']],
    [409, 'FilesystemAlreadyExists', 'FilesystemAlreadyExists'],
  );
  const properties = await lake('HEAD', '/rest?resource=filesystem');
  assert.deepEqual(
    [properties.status, properties.headers['x-ms-properties'], properties.headers['x-ms-namespace-enabled']],
    [200, `a=${base64('1')}`, 'true'],
  );
  await lake('PUT', '/rest2?resource=filesystem');
  const first = await lake('GET', '/?resource=account&maxResults=1');
  assert.deepEqual(
    JSON.parse(first.body).filesystems.map((one: { name: string }) => one.name),
    ['rest'],
  );
  const rest = await lake('GET', `/?resource=account&continuation=${first.headers['x-ms-continuation']}`);
  assert.deepEqual(
    JSON.parse(rest.body).filesystems.map((one: { name: string }) => one.name),
    ['rest2'],
  );
  assert.equal(rest.headers['x-ms-continuation'], undefined);
  assert.equal((await lake('PATCH', '/rest2?resource=filesystem', { 'x-ms-properties': '' })).status, 200);
  assert.equal((await lake('DELETE', '/rest2?resource=filesystem')).status, 202);
  const gone = await lake('HEAD', '/rest2?resource=filesystem');
  assert.deepEqual([gone.status, gone.body], [404, '']);
});

test('a path is made, written, read, leased and deleted through the Data Lake door alone', async () => {
  await lake('PUT', '/paths?resource=filesystem');
  assert.equal((await lake('PUT', '/paths/d/f?resource=file', { 'x-ms-properties': `k=${base64('v')}` })).status, 201);
  assert.equal((await lake('PATCH', '/paths/d/f?action=append&position=0', {}, 'hello')).status, 202);
  const flushed = await lake('PATCH', '/paths/d/f?action=flush&position=5&close=true');
  assert.equal(flushed.status, 200);
  const read = await lake('GET', '/paths/d/f', { range: 'bytes=1-3' });
  assert.deepEqual([read.status, read.body, read.headers['content-range']], [206, 'ell', 'bytes 1-3/5']);
  assert.equal((await lake('GET', '/paths/d/f', { range: 'bytes=-2' })).body, 'lo');
  const head = await lake('HEAD', '/paths/d/f');
  assert.deepEqual(
    [head.headers['content-length'], head.headers['x-ms-resource-type'], head.headers['x-ms-properties']],
    ['5', 'file', `k=${base64('v')}`],
  );
  assert.equal((await lake('HEAD', '/paths/d?action=getStatus')).headers['x-ms-resource-type'], 'directory');
  assert.equal((await lake('HEAD', '/paths/?action=getAccessControl&upn=false')).headers['x-ms-owner'], '$superuser');
  assert.equal((await lake('PATCH', '/paths/d/f?action=setProperties', { 'x-ms-properties': `k=${base64('w')}` })).status, 200);
  const lease = await lake('POST', '/paths/d/f', {
    'x-ms-lease-action': 'acquire',
    'x-ms-lease-duration': '-1',
    'x-ms-proposed-lease-id': 'aaaaaaaa-0000-0000-0000-000000000000',
  });
  assert.equal(lease.status, 201);
  const refused = await lake('DELETE', '/paths/d/f');
  assert.deepEqual([refused.status, JSON.parse(refused.body).error.code], [412, 'LeaseIdMissing']);
  assert.equal((await lake('DELETE', '/paths/d?recursive=true')).status, 200);
  const missing = await lake('GET', '/paths/d/f');
  assert.deepEqual([missing.status, JSON.parse(missing.body).error.code], [404, 'PathNotFound']);
});

test('an append may take, renew and give back a lease', async () => {
  await lake('PUT', '/leased?resource=filesystem');
  await lake('PUT', '/leased/f?resource=file');
  const id = 'bbbbbbbb-0000-0000-0000-000000000000';
  const acquire = { 'x-ms-lease-action': 'acquire', 'x-ms-lease-duration': '15', 'x-ms-proposed-lease-id': id };
  assert.equal((await lake('PATCH', '/leased/f?action=append&position=0', acquire, 'a')).status, 202);
  assert.equal((await lake('PATCH', '/leased/f?action=append&position=1', {}, 'b')).status, 412);
  const renewed = await lake(
    'PATCH',
    '/leased/f?action=append&position=1&flush=true',
    { 'x-ms-lease-id': id, 'x-ms-lease-action': 'auto-renew' },
    'b',
  );
  assert.deepEqual([renewed.status, renewed.headers['x-ms-lease-renewed']], [202, 'true']);
  assert.equal(
    (await lake('PATCH', '/leased/f?action=flush&position=2', { 'x-ms-lease-id': id, 'x-ms-lease-action': 'release' })).status,
    200,
  );
  assert.equal((await lake('HEAD', '/leased/f')).headers['x-ms-lease-state'], 'available');
});

test('a rename accepts its source with the account and without, escaped and not', async () => {
  await lake('PUT', '/renames?resource=filesystem');
  for (const [n, source] of [
    `/${developmentAccount}/renames/a%20b`,
    '/renames/a%20b',
    'renames/a%20b',
    '/renames/a%20b?sv=x&sig=y',
  ].entries()) {
    await lake('PUT', '/renames/a%20b?resource=file');
    const renamed = await lake('PUT', `/renames/r${n}?mode=legacy`, { 'x-ms-rename-source': source });
    assert.equal(renamed.status, 201, source);
  }
  await lake('PUT', '/renames/dir/inner?resource=directory');
  await lake('PUT', '/renames/full/x?resource=file');
  const rename = async (from: string, to: string) => {
    const answer = await lake('PUT', `/renames/${to}`, { 'x-ms-rename-source': `/renames/${from}` });
    return answer.status === 201 ? 201 : JSON.parse(answer.body).error.code;
  };
  assert.equal(await rename('dir', 'dir/inner/below'), 'InvalidRenameSourcePath');
  assert.equal(await rename('dir', 'full'), 'DirectoryNotEmpty');
  assert.equal(await rename('dir', 'r1'), 'InvalidSourceOrDestinationResourceType');
  assert.equal(await rename('full', 'dir/inner'), 201);
  assert.equal((await lake('HEAD', '/renames/dir/inner/x')).status, 200);
});

test('what the Data Lake door does not do is refused in its own shape', async () => {
  await lake('PUT', '/refused?resource=filesystem');
  const unknown = await lake('PATCH', '/refused/x?action=levitate');
  assert.deepEqual([unknown.status, JSON.parse(unknown.body).error.code], [501, 'NotImplemented']);
  assert.match(JSON.parse(unknown.body).error.message, /PATCH with action=levitate on a path/);
  for (const query of ['action=append', 'action=append&position=-1', 'action=append&position=x']) {
    assert.equal((await lake('PATCH', `/refused/x?${query}`)).status, 400);
  }
  await lake('PUT', '/refused/d?resource=directory');
  const append = await lake('PATCH', '/refused/d?action=append&position=0', {}, 'x');
  assert.deepEqual([append.status, JSON.parse(append.body).error.code], [409, 'PathConflict']);
  assert.equal((await lake('PATCH', '/refused/d?action=setAccessControl', { 'x-ms-acl': 'nonsense' })).status, 400);
});
