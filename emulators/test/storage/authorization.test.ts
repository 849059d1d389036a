// Who is let in: keys, signatures and tokens, right and wrong, through the SDKs.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import {
  DataLakeSASPermissions,
  DataLakeServiceClient,
  generateDataLakeSASQueryParameters,
  StorageSharedKeyCredential as LakeKey,
} from '@azure/storage-file-datalake';
import { developmentAccount, developmentKey } from '../../src/storage/start-storage.ts';
import { failure, noRetries, startForFile, startUnderTest, temporaryFolder, textOf } from './storage-under-test.ts';

const storage = await startForFile({ filesystems: ['data'] });
const key = new StorageSharedKeyCredential(developmentAccount, developmentKey);
const inAnHour = () => new Date(Date.now() + 3_600_000);
await storage.blobs.getContainerClient('data').getBlockBlobClient('dir/b').upload('secret', 6);

const withQuery = (query: string) =>
  new BlobServiceClient(`${storage.url}?${query}`, undefined, noRetries).getContainerClient('data');

test('a wrong key, a wrong account and nobody are refused in the words of the service', async () => {
  const wrongKey = new BlobServiceClient(storage.url, new StorageSharedKeyCredential(developmentAccount, 'd3Jvbmc='), noRetries);
  assert.deepEqual(await withoutMessage(failure(wrongKey.getContainerClient('data').getProperties())), {
    status: 403,
    code: 'AuthenticationFailed',
  });
  const lake = new DataLakeServiceClient(storage.url, new LakeKey(developmentAccount, 'd3Jvbmc='), noRetries).getFileSystemClient(
    'data',
  );
  const refused = await failure(lake.getFileClient('x').create());
  assert.equal(refused.status, 403);
  assert.match(refused.message, /Make sure the value of Authorization header is formed correctly including the signature/);
  const nobody = new BlobServiceClient(storage.url, undefined, noRetries).getContainerClient('data');
  assert.deepEqual(await withoutMessage(failure(nobody.getProperties())), { status: 401, code: 'NoAuthenticationInformation' });
  const other = new BlobServiceClient(
    storage.url.replace(developmentAccount, 'other'),
    new StorageSharedKeyCredential('other', developmentKey),
    noRetries,
  );
  assert.equal((await failure(other.getContainerClient('data').getProperties())).status, 404);
});

test('metadata names in every order of sorting are signed right', async () => {
  const blob = storage.blobs.getContainerClient('data').getBlockBlobClient('ordered');
  const metadata = { first_key: '1', first1: '2', firstkey: '3', a_1: '4', a1: '5', ab: '6', _x: '7', Zed: '8' };
  await blob.upload('', 0, { metadata });
  assert.equal(Object.keys((await blob.getProperties()).metadata ?? {}).length, 8);
});

test('a signature for a blob opens this blob, for what it says and as long as it says', async () => {
  const values = { containerName: 'data', blobName: 'dir/b', permissions: BlobSASPermissions.parse('r'), expiresOn: inAnHour() };
  const read = withQuery(generateBlobSASQueryParameters(values, key).toString());
  assert.equal(await textOf((await read.getBlobClient('dir/b').download()).readableStreamBody), 'secret');
  assert.equal((await failure(read.getBlobClient('ordered').download())).code, 'AuthenticationFailed');
  assert.equal((await failure(read.getBlobClient('dir/b').delete())).code, 'AuthorizationPermissionMismatch');
  const over = generateBlobSASQueryParameters({ ...values, expiresOn: new Date(Date.now() - 1000) }, key);
  assert.equal((await failure(withQuery(over.toString()).getBlobClient('dir/b').download())).code, 'AuthenticationFailed');
  const forged = generateBlobSASQueryParameters(values, key).toString().replace('sp=r', 'sp=rwd');
  assert.equal((await failure(withQuery(forged).getBlobClient('dir/b').delete())).code, 'AuthenticationFailed');
});

test('a signature may create without overwriting, and dress up an answer', async () => {
  const values = { containerName: 'data', blobName: 'new', permissions: BlobSASPermissions.parse('c'), expiresOn: inAnHour() };
  const create = withQuery(generateBlobSASQueryParameters(values, key).toString()).getBlockBlobClient('new');
  await create.upload('1', 1);
  assert.equal((await failure(create.upload('2', 1))).code, 'UnauthorizedBlobOverwrite');
  const dressed = { ...values, permissions: BlobSASPermissions.parse('r'), contentType: 'text/fancy' };
  const answer = await withQuery(generateBlobSASQueryParameters(dressed, key).toString()).getBlobClient('new').download();
  assert.equal(answer.contentType, 'text/fancy');
});

test('a signature for a container, one by a stored policy, and one for the account', async () => {
  const values = { containerName: 'data', permissions: ContainerSASPermissions.parse('rl'), expiresOn: inAnHour() };
  const reader = withQuery(generateBlobSASQueryParameters(values, key).toString());
  assert.ok((await reader.listBlobsFlat().next()).value);
  assert.equal((await failure(reader.getBlockBlobClient('x').upload('', 0))).code, 'AuthorizationPermissionMismatch');
  assert.equal((await failure(reader.delete())).code, 'AuthorizationResourceTypeMismatch');

  const policy = { id: 'readers', accessPolicy: { startsOn: new Date(0), expiresOn: inAnHour(), permissions: 'r' } };
  await storage.blobs.getContainerClient('data').setAccessPolicy(undefined, [policy]);
  assert.equal((await storage.blobs.getContainerClient('data').getAccessPolicy()).signedIdentifiers[0]?.id, 'readers');
  const byPolicy = withQuery(generateBlobSASQueryParameters({ containerName: 'data', identifier: 'readers' }, key).toString());
  assert.equal(await textOf((await byPolicy.getBlobClient('dir/b').download()).readableStreamBody), 'secret');
  assert.equal((await failure(byPolicy.getBlobClient('dir/b').delete())).code, 'AuthorizationPermissionMismatch');
  const noPolicy = withQuery(generateBlobSASQueryParameters({ containerName: 'data', identifier: 'none' }, key).toString());
  assert.equal((await failure(noPolicy.getBlobClient('dir/b').download())).code, 'AuthenticationFailed');

  const account = {
    services: AccountSASServices.parse('b').toString(),
    resourceTypes: AccountSASResourceTypes.parse('co').toString(),
    permissions: AccountSASPermissions.parse('rwdlac'),
    expiresOn: inAnHour(),
  };
  const whole = new BlobServiceClient(`${storage.url}?${generateAccountSASQueryParameters(account, key)}`, undefined, noRetries);
  await whole.getContainerClient('by-account').create();
  await whole.getContainerClient('by-account').getBlockBlobClient('b').upload('x', 1);
  assert.equal((await failure(whole.listContainers().next())).code, 'AuthorizationResourceTypeMismatch');
});

test('a signature for a directory of the Data Lake opens what is below it', async () => {
  const values = {
    fileSystemName: 'data',
    pathName: 'dir',
    isDirectory: true,
    directoryDepth: 1,
    permissions: DataLakeSASPermissions.parse('rcw'),
    expiresOn: inAnHour(),
  };
  const sas = generateDataLakeSASQueryParameters(values, new LakeKey(developmentAccount, developmentKey));
  const below = new DataLakeServiceClient(`${storage.url}?${sas}`, undefined, noRetries).getFileSystemClient('data');
  const file = below.getFileClient('dir/c');
  await file.create();
  await file.append('abc', 0, 3);
  await file.flush(3);
  assert.equal(await textOf((await file.read()).readableStreamBody), 'abc');
  assert.equal((await failure(below.getFileClient('elsewhere').create())).code, 'AuthenticationFailed');
});

test('a copy by signature needs one for its source too', async () => {
  const values = { containerName: 'data', permissions: ContainerSASPermissions.parse('rcw'), expiresOn: inAnHour() };
  const sas = generateBlobSASQueryParameters(values, key).toString();
  const target = withQuery(sas).getBlobClient('copy');
  const source = storage.blobs.getContainerClient('data').getBlobClient('dir/b').url;
  assert.equal((await failure(target.syncCopyFromURL(source))).status, 401);
  assert.equal((await target.syncCopyFromURL(`${source}?${sas}`)).copyStatus, 'success');
});

test('SharedKeyLite is taken too', async () => {
  const date = new Date().toUTCString();
  const path = `/${developmentAccount}/data/dir/b`;
  const text = `GET\n\n\n\nx-ms-date:${date}\nx-ms-version:2021-12-02\n/${developmentAccount}${path}`;
  const signature = createHmac('sha256', Buffer.from(developmentKey, 'base64')).update(text).digest('base64');
  const headers = {
    'x-ms-date': date,
    'x-ms-version': '2021-12-02',
    authorization: `SharedKeyLite ${developmentAccount}:${signature}`,
  };
  const answer = await fetch(new URL(path, storage.url), { headers });
  assert.deepEqual([answer.status, await answer.text()], [200, 'secret']);
});

const folder = join(import.meta.dirname, '..', 'tls');
const tls = { cert: readFileSync(join(folder, 'cert.pem'), 'utf8'), key: readFileSync(join(folder, 'key.pem'), 'utf8') };
const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const bearer = (text: string) => ({ getToken: async () => ({ token: text, expiresOnTimestamp: Date.now() + 3_600_000 }) });
const trusting = { ...noRetries, tlsOptions: { ca: tls.cert } };

test('bearer tokens open the door over TLS, when switched on', async () => {
  const secure = await startUnderTest({ dataDir: temporaryFolder(), tls, acceptTokens: true, filesystems: ['data'] });
  try {
    assert.match(secure.connectionString, /^DefaultEndpointsProtocol=https;.*BlobEndpoint=https:/);
    const blobs = new BlobServiceClient(secure.url, bearer(token({ oid: 'me' })), trusting).getContainerClient('data');
    await blobs.getBlockBlobClient('b').upload('x', 1);
    const lake = new DataLakeServiceClient(secure.url, bearer('opaque'), trusting).getFileSystemClient('data');
    await lake.getFileClient('d/f').create();
    const over = new BlobServiceClient(secure.url, bearer(token({ exp: 1000 })), trusting).getContainerClient('data');
    assert.equal((await failure(over.getProperties())).code, 'InvalidAuthenticationInfo');
    const byKey = BlobServiceClient.fromConnectionString(secure.connectionString, trusting);
    assert.equal(await byKey.getContainerClient('data').exists(), true);
  } finally {
    await secure.close();
  }
});

test('a user delegation key signs, and only a bearer token gets one', async () => {
  const secure = await startUnderTest({ dataDir: temporaryFolder(), tls, acceptTokens: true, filesystems: ['data'] });
  try {
    const service = new BlobServiceClient(secure.url, bearer(token({ oid: 'me', tid: 'us' })), trusting);
    await service.getContainerClient('data').getBlockBlobClient('b').upload('hi', 2);
    const delegated = await service.getUserDelegationKey(new Date(Date.now() - 1000), inAnHour());
    assert.equal(delegated.signedObjectId, 'me');
    const values = { containerName: 'data', permissions: ContainerSASPermissions.parse('r'), expiresOn: inAnHour() };
    const sas = generateBlobSASQueryParameters(values, delegated, developmentAccount);
    const reader = new BlobServiceClient(`${secure.url}?${sas}`, undefined, trusting).getContainerClient('data');
    assert.equal(await textOf((await reader.getBlobClient('b').download()).readableStreamBody), 'hi');
    const byKey = BlobServiceClient.fromConnectionString(secure.connectionString, trusting);
    assert.equal((await failure(byKey.getUserDelegationKey(new Date(), inAnHour()))).code, 'AuthenticationFailed');
  } finally {
    await secure.close();
  }
});

test('bearer tokens are refused when not switched on, and never taken in the clear', async () => {
  const secure = await startUnderTest({ dataDir: temporaryFolder(), tls, filesystems: ['data'] });
  try {
    const blobs = new BlobServiceClient(secure.url, bearer('t'), trusting).getContainerClient('data');
    assert.equal((await failure(blobs.getProperties())).code, 'AuthenticationFailed');
  } finally {
    await secure.close();
  }
  const clear = await fetch(`${storage.url}/data/dir/b`, { headers: { authorization: 'Bearer t' } });
  assert.equal(clear.status, 403);
  await clear.arrayBuffer();
});

async function withoutMessage(refusal: ReturnType<typeof failure>): Promise<{ status: number; code: string }> {
  const { status, code } = await refusal;
  return { status, code };
}
