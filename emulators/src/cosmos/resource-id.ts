/**
 * Resource ids (`_rid`) in the service's layout, since SDKs parse them: a database is 4 bytes, a container 4 more with the top bit
 * set, a document or partition key range 8 more (the type in the last byte's high nibble), an offer 3 bytes; base64 with `-` for `/`.
 * Numbers are the store's own counters, never used twice.
 */

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('/', '-');
}

function containerBytes(databaseNumber: number, containerNumber: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32BE(databaseNumber, 0);
  bytes.writeUInt32BE((containerNumber | 0x80000000) >>> 0, 4);
  return bytes;
}

export function databaseRid(databaseNumber: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(databaseNumber);
  return base64(bytes);
}

export function containerRid(databaseNumber: number, containerNumber: number): string {
  return base64(containerBytes(databaseNumber, containerNumber, 8));
}

export function partitionKeyRangeRid(databaseNumber: number, containerNumber: number): string {
  const bytes = containerBytes(databaseNumber, containerNumber, 16);
  bytes[8] = 2;
  bytes[15] = 0x50;
  return base64(bytes);
}

/** A function that names the documents of one container; the prefix is encoded once, as this is the hottest path. */
export function documentRids(databaseNumber: number, containerNumber: number): (documentNumber: number) => string {
  const bytes = containerBytes(databaseNumber, containerNumber, 16);
  return (documentNumber) => {
    bytes.writeUInt32LE(documentNumber >>> 0, 8);
    bytes.writeUInt32LE(Math.floor(documentNumber / 0x100000000), 12);
    return base64(bytes);
  };
}

export function offerRid(offerNumber: number): string {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(offerNumber, 0, 3);
  return base64(bytes);
}

/** An etag as the service writes it: a GUID in quotes; here made of what changes with every write. */
export function etagOf(ownerNumber: number, lsn: number, seconds: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);
  return `"${hex(lsn >>> 0, 8)}-${hex(Math.floor(lsn / 0x100000000), 4)}-${hex(ownerNumber, 4)}-0000-${hex(seconds, 8)}0000"`;
}
